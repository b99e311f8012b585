"""Votes for votaciones: each row of the file once, by a random route, a pause of 0.1 to 0.9 s; then the run ends.

With `REQUESTS` above the number of rows they are sent over and over.

    locust -f loadtest/locust/votaciones.py --host http://localhost:8080   # UI on http://localhost:8089
    locust -f loadtest/locust/votaciones.py --host http://localhost:8080 --headless -u 10 -r 10

`ROUTE` may be rust or grpc, `VOTES` another file. Several workers (`--master`, `--worker`) share the file. At the end
what was acknowledged is compared with what is stored; see `check.py`, and `settings.py` for the variables.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import choice

from budget import Budget
from check import Check, settle
from locust import HttpUser, task
from settings import headers, paths, pause, requests_total

BESIDE = Path(__file__).resolve().parent.parent / "data" / "votes.json"
VOTES = json.loads(Path(os.environ.get("VOTES", BESIDE)).read_text(encoding="utf-8"))
PATHS = paths({"rust": "/rust/send_data", "grpc": "/grpc/insert"})
HEADERS = headers()
budget = Budget(requests_total() or len(VOTES))
check = Check("votaciones", budget)


class Voter(HttpUser):
    """Somebody who votes for bands' albums."""

    wait_time = pause("0.1-0.9")

    @task
    def vote(self) -> None:
        """Sends the next vote."""
        vote = VOTES[budget.take() % len(VOTES)]
        with self.client.post(
            choice(PATHS), json=vote, headers=HEADERS, catch_response=True
        ) as reply:
            settle(reply)
