"""Calls any of the services by its generated stub."""

from collections.abc import Iterable
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict, ParseDict
from grpc_status import rpc_status

from contracts import Contracts

DETAILS = "grpc-status-details-bin"


class RpcClient:
    """A client that tells everything that came back."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """One unary call over its own connection; an error status is an answer like another."""
        service, method = command["service"], command["method"]
        takes = self._contracts.descriptor(service).methods_by_name[method].input_type.name
        request = ParseDict(command["request"], self._contracts.message(service, takes)())
        metadata = tuple(command.get("metadata", {}).items())
        timeout = command["timeoutMs"] / 1_000
        with grpc.insecure_channel(command["address"]) as channel:
            send = getattr(self._contracts.stub(service, channel), method)
            try:
                reply, call = send.with_call(request, timeout=timeout, metadata=metadata)
            except grpc.RpcError as error:
                return self._failure(error)
            return {
                "code": 0,
                "details": "",
                "reply": MessageToDict(reply, preserving_proto_field_name=True),
                "metadata": texts(call.initial_metadata(), call.trailing_metadata()),
                "violations": [],
            }

    def _failure(self, error: Any) -> dict[str, Any]:
        return {
            "code": error.code().value[0],
            "details": error.details(),
            "reply": None,
            "metadata": texts(error.initial_metadata(), error.trailing_metadata()),
            "violations": list(self._violated(error)),
        }

    def _violated(self, error: Any) -> Iterable[str]:
        """The fields that the rich error model names."""
        status = rpc_status.from_call(error)
        for detail in status.details if status else ():
            violations = self._contracts.violations()
            if detail.Unpack(violations):
                for violation in violations.violations:
                    yield ".".join(part.field_name for part in violation.field.elements)


def texts(*all_metadata: Any) -> dict[str, str]:
    """Metadata without what is binary."""
    pairs = [pair for metadata in all_metadata for pair in metadata or ()]
    return {key: value for key, value in pairs if key != DETAILS}
