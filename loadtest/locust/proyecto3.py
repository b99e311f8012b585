"""Weather tweets for proyecto3: two tasks weighted 1:3, all from Chinautla, a pause of 1 to 5 s.

    locust -f loadtest/locust/proyecto3.py --host http://localhost:8080   # UI on http://localhost:8089
    PAUSE=0 REQUESTS=10000 locust -f loadtest/locust/proyecto3.py --host http://localhost:8080 --headless -u 10 -r 10

Where proyecto3 has a host of its own, as in a cluster, `ROUTE=/tweet` is the same door. At the end what was
acknowledged is compared with what is stored; see `check.py`, and `settings.py` for the variables.
"""

from __future__ import annotations

from random import choice, randint

from budget import Budget
from check import Check, settle
from locust import HttpUser, task
from settings import headers, paths, pause, requests_total

PATHS = paths({"tweet": "/proyecto3/tweet"})
HEADERS = headers()
WEATHERS = ["sunny", "cloudy", "rainy", "foggy"]
CHINAUTLA = 4
budget = Budget(requests_total())
check = Check("proyecto3", budget)


class Reporter(HttpUser):
    """Somebody in Chinautla who reports the weather."""

    wait_time = pause("1-5")

    @task(1)
    def report_by_number(self) -> None:
        """Sends one tweet with the numbers of municipality and weather."""
        self._send(CHINAUTLA, randint(1, len(WEATHERS)))

    @task(3)
    def report_by_name(self) -> None:
        """Sends one tweet with the names of municipality and weather."""
        self._send("chinautla", choice(WEATHERS))

    def _send(self, municipality: int | str, weather: int | str) -> None:
        budget.take()
        tweet = {
            "municipality": municipality,
            "temperature": randint(10, 35),
            "humidity": randint(30, 95),
            "weather": weather,
        }
        with self.client.post(
            choice(PATHS), json=tweet, headers=HEADERS, catch_response=True
        ) as reply:
            settle(reply)
