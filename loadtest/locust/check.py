"""The check at the end of a run: what was acknowledged must be what is stored.

`BOARD_URL` is where the board answers (the host otherwise), `DRAIN` how many seconds the stores may take (60). A board
that is not there is said; with `CHECK=require` it is a failure.
"""

from __future__ import annotations

import os
from typing import Any

import gevent
from board import Ledger, settled_ledger
from budget import Budget
from locust import events
from locust.clients import ResponseContextManager
from locust.env import Environment
from locust.runners import WORKER_REPORT_INTERVAL, LocalRunner, MasterRunner, WorkerRunner
from plot import plot_lines
from settings import whole

PERCENTILES = (0.5, 0.9, 0.95, 0.99)
ERRORS_SHOWN = 10


def settle(reply: ResponseContextManager) -> None:
    """Counts a reply as acknowledged or as a failure, under the title of its problem."""
    if 200 <= reply.status_code < 300:
        reply.success()
    elif reply.status_code == 0:
        reply.failure(f"no answer: {reply.error}")
    else:
        reply.failure(f"{reply.status_code} {_title(reply)}")


def _title(reply: ResponseContextManager) -> str:
    try:
        return str(reply.json()["title"])
    except (ValueError, KeyError, TypeError):
        return (reply.text or "")[:80]


class Check:
    """Reads a pipeline's ledger before and after each run; the exit code is 1 where the run does not hold."""

    def __init__(self, pipeline: str, budget: Budget) -> None:
        self._pipeline = pipeline
        self._budget = budget
        self._before: Ledger | None = None
        self._running = False
        self._checking: gevent.Greenlet | None = None
        self._drain = whole("DRAIN", 60, 3_600)
        self._required = os.environ.get("CHECK") == "require"
        events.test_start.add_listener(self._on_test_start)
        events.test_stop.add_listener(self._on_test_stop)
        events.quitting.add_listener(self._on_quitting)

    def _on_test_start(self, environment: Environment, **_: Any) -> None:
        if isinstance(environment.runner, WorkerRunner):
            return
        self._running = True
        self._before = self._read(environment)

    def _on_test_stop(self, environment: Environment, **_: Any) -> None:
        if self._running:
            self._running = False
            self._checking = gevent.spawn(self._check, environment)

    def _on_quitting(self, environment: Environment, **_: Any) -> None:
        if isinstance(environment.runner, WorkerRunner):
            return
        if self._running:
            environment.runner.quit()
        if self._checking is not None:
            self._checking.join()

    def _read(self, environment: Environment) -> Ledger | None:
        return settled_ledger(self._url(environment), self._pipeline, self._drain)

    def _url(self, environment: Environment) -> str:
        host = environment.host or environment.user_classes[0].host or ""
        return os.environ.get("BOARD_URL", host).rstrip("/")

    def _check(self, environment: Environment) -> None:
        if isinstance(environment.runner, MasterRunner):
            gevent.sleep(WORKER_REPORT_INTERVAL + 1)
        total = environment.stats.total
        acknowledged = total.num_requests - total.num_failures
        lines, holds = self._compare(environment, acknowledged)
        print("\n".join([*_measured(self._pipeline, environment), *lines]), flush=True)
        if not holds:
            environment.process_exit_code = 1

    def _compare(self, environment: Environment, acknowledged: int) -> tuple[list[str], bool]:
        url = self._url(environment)
        if self._before is None:
            said = f"Not checked: no board answers at {url}, so nobody says what was stored."
            return [said], not self._required
        after = self._read(environment)
        if after is None:
            return [f"NOT checked: the board at {url} is gone."], False
        stored = after.stored - self._before.stored
        difference = stored - acknowledged
        total = environment.stats.total
        local = isinstance(environment.runner, LocalRunner)
        cut_off = self._budget.taken - total.num_requests if local else 0
        holds = 0 <= difference <= cut_off and after.in_flight == 0
        return [
            *(
                [f"cut off       {cut_off} by the end of the run, of unknown effect"]
                if cut_off
                else []
            ),
            f"stored        {stored}, in flight {after.in_flight}",
            f"duplicates    {after.duplicates - self._before.duplicates} suppressed,"
            f" dead letters {after.dead_lettered - self._before.dead_lettered}",
            f"difference    {difference:+d}" if difference else "difference    0",
            "Every event that was answered is acknowledged and stored once."
            if holds and total.num_failures == 0
            else "NOT every event is acknowledged and stored once: see above.",
        ], holds


def _measured(pipeline: str, environment: Environment) -> list[str]:
    total = environment.stats.total
    rates = [
        f"p{each * 100:g} {total.get_response_time_percentile(each):g} " for each in PERCENTILES
    ]
    errors = sorted(environment.stats.errors.values(), key=lambda each: -each.occurrences)
    return [
        "",
        f"pipeline      {pipeline}: POST {', '.join(sorted({name for name, _ in environment.stats.entries}))}",
        f"sent          {total.num_requests} ({total.total_rps:.0f}/s)",
        f"latency       {' '.join(rates)} max {total.max_response_time:.0f} ms",
        *plot_lines(total.response_times),
        f"acknowledged  {total.num_requests - total.num_failures}, failed {total.num_failures}",
        *[f"error         {each.occurrences} × {each.error}" for each in errors[:ERRORS_SHOWN]],
    ]
