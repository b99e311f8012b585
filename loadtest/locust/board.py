"""What the board says of a pipeline."""

from __future__ import annotations

import time
from dataclasses import dataclass

import gevent
import requests

EVERY_SECONDS = 0.2
ANSWER_SECONDS = 10


@dataclass(frozen=True)
class Ledger:
    """The ledger's totals, as far as a run compares them."""

    stored: int
    duplicates: int
    dead_lettered: int
    in_flight: int


def settled_ledger(url: str, pipeline: str, limit_seconds: float) -> Ledger | None:
    """The ledger once nothing is in flight and nothing more comes, or as it is when the time is over.

    None where no board answers; one that answered before is waited for.
    """
    end = time.monotonic() + limit_seconds
    last: Ledger | None = None
    while True:
        ledger = _read_ledger(f"{url}/api/{pipeline}/ledger")
        still = ledger is not None and ledger.in_flight == 0 and ledger == last
        if still or time.monotonic() > end or (ledger is None and last is None):
            return ledger
        last = ledger or last
        gevent.sleep(EVERY_SECONDS)


def _read_ledger(url: str) -> Ledger | None:
    try:
        reply = requests.get(url, timeout=ANSWER_SECONDS)
        reply.raise_for_status()
        totals = reply.json()
        return Ledger(
            stored=totals["stored"],
            duplicates=totals["duplicates"],
            dead_lettered=totals["deadLettered"],
            in_flight=totals["inFlight"],
        )
    except (requests.RequestException, ValueError, KeyError, TypeError):
        return None
