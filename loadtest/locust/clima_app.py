"""Weather tweets for clima-app, in the contract's mix: `POST /clima`, all integers, a pause of 1 to 5 s.

    locust -f loadtest/locust/clima_app.py --host http://localhost:8080   # UI on http://localhost:8089
    locust -f loadtest/locust/clima_app.py --host http://localhost:8080 --headless -u 10 -r 10 -t 60s
"""

from random import randint

from locust import HttpUser, between, task


class Reporter(HttpUser):
    """Somebody who reports the weather."""

    wait_time = between(1, 5)

    @task
    def report(self) -> None:
        """Sends one tweet; anything but 200 with the reference's words is a failure."""
        tweet = {
            "municipality": randint(1, 4),
            "temperature": randint(18, 28),
            "humidity": randint(40, 80),
            "weather": randint(1, 4),
        }
        with self.client.post("/clima", json=tweet, catch_response=True) as reply:
            if reply.status_code != 200:
                reply.failure(f"status {reply.status_code}: {reply.text[:200]}")
            elif reply.json().get("status") != "Tweet recibido y publicado ✅":
                reply.failure(f"unexpected reply: {reply.text[:200]}")
