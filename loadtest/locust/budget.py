"""How many requests a run makes: each index once, whether one process runs the users or several."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import gevent
from locust import events
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import (
    WORKER_REPORT_INTERVAL,
    LocalRunner,
    MasterRunner,
    WorkerRunner,
)

ALLOT = "allot"
WATCH_SECONDS = 0.2
FINISH_SECONDS = 10


class Budget:
    """The indexes that the users of this process take, each once; without a total they have no end."""

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.taken = 0
        self._indexes: Iterator[int] = iter(())
        events.init.add_listener(self._on_init)
        events.test_start.add_listener(self._on_test_start)
        events.spawning_complete.add_listener(self._on_spawning_complete)

    def take(self) -> int:
        """The next index. Where none is left the user stops, and with the last user the run."""
        try:
            index = next(self._indexes)
        except StopIteration:
            raise StopUser from None
        self.taken += 1
        return index

    def _on_init(self, environment: Environment, **_: Any) -> None:
        self._environment = environment
        # A request that is cut off may be stored all the same: users finish theirs.
        environment.stop_timeout = max(environment.stop_timeout or 0, FINISH_SECONDS)
        if isinstance(environment.runner, WorkerRunner):
            environment.runner.register_message(ALLOT, self._on_allot)

    def _on_allot(self, msg: Any, **_: Any) -> None:
        first, step = msg.data
        self._indexes = iter(range(first, self.total or 0, step))

    def _on_test_start(self, environment: Environment, **_: Any) -> None:
        runner = environment.runner
        self.taken = 0
        if self.total is None:
            self._indexes = count()
        elif isinstance(runner, LocalRunner):
            self._indexes = iter(range(self.total))
        elif isinstance(runner, MasterRunner):
            # These arrive before the order to spawn users, which goes the same way.
            workers = [worker.id for worker in runner.clients.ready]
            for first, worker in enumerate(workers):
                runner.send_message(ALLOT, (first, len(workers)), worker)

    def _on_spawning_complete(self, **_: Any) -> None:
        if self.total is not None and not isinstance(self._environment.runner, WorkerRunner):
            gevent.spawn(_end_with_the_last_user, self._environment)


def _end_with_the_last_user(environment: Environment) -> None:
    """Ends the run when no user has been there for as long as workers may take to report."""
    runner = environment.runner
    quiet = WORKER_REPORT_INTERVAL + 1 if isinstance(runner, MasterRunner) else 0
    empty = 0.0
    while runner.state in ("spawning", "running"):
        gevent.sleep(WATCH_SECONDS)
        empty = empty + WATCH_SECONDS if runner.user_count == 0 else 0.0
        if empty > quiet:
            # With the web page the results stay there to be looked at.
            runner.quit() if environment.web_ui is None else runner.stop()
            return
