"""A program that is not ours: a gRPC client and server, and both ends of Kafka and RabbitMQ.

Started as `peer.py <folder of .proto files>`. Takes commands on its standard input, one JSON object
a line (`{"id": 1, "op": "call", ...}`), and answers each with `{"id": 1, "result": ...}` or
`{"id": 1, "error": "..."}`. Commands run at the same time. Ends with its standard input.
"""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import kafka_ends
import rabbit_ends
from contracts import Contracts
from rpc_client import RpcClient
from rpc_server import RpcServer

COMMANDS_MAX = 16

Handler = Callable[[dict[str, Any]], Any]


def handlers(protos: str) -> dict[str, Handler]:
    """The commands by name."""
    contracts = Contracts(protos)
    client = RpcClient(contracts)
    server = RpcServer(contracts)
    return {
        "call": client.call,
        "serve": server.serve,
        "received": server.received,
        "answer": server.answer,
        "stop": server.stop,
        "kafka-read": kafka_ends.read,
        "kafka-write": kafka_ends.write,
        "rabbit-declare": rabbit_ends.declare,
        "rabbit-read": rabbit_ends.read,
        "rabbit-write": rabbit_ends.write,
    }


def main() -> None:
    """Answers commands until there are no more."""
    ops = handlers(sys.argv[1])
    printing = Lock()

    def answer(command: dict[str, Any]) -> None:
        reply: dict[str, Any] = {"id": command["id"]}
        try:
            reply["result"] = ops[command["op"]](command)
        except Exception as error:  # Whatever it was, it is the test's to judge.
            reply["error"] = f"{type(error).__name__}: {error}"
        with printing:
            print(json.dumps(reply), flush=True)

    pool = ThreadPoolExecutor(COMMANDS_MAX)
    for line in sys.stdin:
        pool.submit(answer, json.loads(line))
    # Without waiting for commands whose answers nobody reads.
    os._exit(0)


if __name__ == "__main__":
    main()
