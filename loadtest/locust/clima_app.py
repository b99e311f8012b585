"""Weather tweets for clima-app: `POST /clima`, all integers, a pause of 1 to 5 s.

    locust -f loadtest/locust/clima_app.py --host http://localhost:8080   # UI on http://localhost:8089
    PAUSE=0 REQUESTS=10000 locust -f loadtest/locust/clima_app.py --host http://localhost:8080 --headless -u 10 -r 10

At the end what was acknowledged is compared with what is stored; see `check.py`, and `settings.py` for the variables.
"""

from __future__ import annotations

from random import choice, randint

from budget import Budget
from check import Check, settle
from locust import HttpUser, task
from settings import headers, paths, pause, requests_total

PATHS = paths({"clima": "/clima"})
HEADERS = headers()
budget = Budget(requests_total())
check = Check("clima-app", budget)


class Reporter(HttpUser):
    """Somebody who reports the weather."""

    wait_time = pause("1-5")

    @task
    def report(self) -> None:
        """Sends one tweet."""
        budget.take()
        tweet = {
            "municipality": randint(1, 4),
            "temperature": randint(18, 28),
            "humidity": randint(40, 80),
            "weather": randint(1, 4),
        }
        with self.client.post(
            choice(PATHS), json=tweet, headers=HEADERS, catch_response=True
        ) as reply:
            settle(reply)
