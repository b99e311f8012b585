"""A server of all services that remembers what it got and answers as it is told."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict

from contracts import Contracts

CALLS_MAX = 8
GRACE_S = 0.2
STATUSES = {status.value[0]: status for status in grpc.StatusCode}


class RpcServer:
    """One server at a time; it knows neither health checks nor reflection."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._lock = Lock()
        self._server: grpc.Server | None = None
        self._received: list[dict[str, Any]] = []
        self._answer: dict[str, Any] = {}

    def serve(self, command: dict[str, Any]) -> None:
        """Listens on `address`."""
        server = grpc.server(ThreadPoolExecutor(CALLS_MAX))
        for service in self._contracts.services:
            self._contracts.add_to(server, service, self._servicer(service))
        server.add_insecure_port(command["address"])
        server.start()
        self._server = server

    def received(self, _: dict[str, Any]) -> list[dict[str, Any]]:
        """What came since this was asked last."""
        with self._lock:
            received, self._received = self._received, []
            return received

    def answer(self, command: dict[str, Any]) -> None:
        """From now on: an error status `code` with `details` and `metadata`, after `delayMs`."""
        with self._lock:
            self._answer = command

    def stop(self, _: dict[str, Any]) -> None:
        """Ends the server, calls in hand included."""
        if self._server is not None:
            self._server.stop(GRACE_S).wait()

    def _servicer(self, service: str) -> object:
        methods = self._contracts.descriptor(service).methods
        handlers = {each.name: self._handler(service, each) for each in methods}
        return type("Servicer", (), handlers)()

    def _handler(self, service: str, method: Any) -> Any:
        reply = self._contracts.message(service, method.output_type.name)

        def handle(_: object, request: Any, context: grpc.ServicerContext) -> Any:
            with self._lock:
                answer = self._answer
                self._received.append(
                    {
                        "method": f"{service}/{method.name}",
                        "request": MessageToDict(request, preserving_proto_field_name=True),
                        "metadata": {
                            key: value
                            for key, value in context.invocation_metadata()
                            if isinstance(value, str)
                        },
                    }
                )
            time.sleep(answer.get("delayMs", 0) / 1_000)
            context.set_trailing_metadata(tuple(answer.get("metadata", {}).items()))
            if answer.get("code", 0) != 0:
                context.abort(STATUSES[answer["code"]], answer.get("details", ""))
            return reply()

        return handle
