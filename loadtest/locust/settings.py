"""What the scripts read from their environment.

`PAUSE` is a user's wait between requests in seconds (`0`, `1-5`), `REQUESTS` ends the run after so many, `ROUTE` takes
another path, `VOTES` another file of votes; `API_KEY` is the key that users send where one is needed. See `check.py`
for `BOARD_URL`, `DRAIN` and `CHECK`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from locust import User, between


def whole(name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`."""
    raw = os.environ.get(name, str(default))
    if not raw.isdecimal() or not 1 <= int(raw) <= most:
        raise ValueError(
            f"Cannot use {name}: must be a whole number from 1 to {most}: current value is {raw}"
        )
    return int(raw)


def requests_total(most: int = 10_000_000) -> int | None:
    """How many requests the run makes; None where it has no end of its own."""
    return whole("REQUESTS", most, most) if "REQUESTS" in os.environ else None


def pause(default: str) -> Callable[[User], float]:
    """A `wait_time`: seconds as `0`, or a range as `1-5`."""
    raw = os.environ.get("PAUSE", default)
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?", raw)
    if match is None or float(match[1]) > float(match[2] or match[1]):
        raise ValueError(
            f"Cannot use PAUSE: must be seconds, such as 0 or 1-5: current value is {raw}"
        )
    return between(float(match[1]), float(match[2] or match[1]))


def headers() -> dict[str, str]:
    """What requests carry beside their body."""
    key = os.environ.get("API_KEY", "")
    return {"Authorization": f"Bearer {key}"} if key else {}


def paths(routes: dict[str, str]) -> list[str]:
    """The paths to choose from: those of every route (`random`), of one by its name, or a path as it stands."""
    route = os.environ.get("ROUTE", "random")
    if route == "random":
        return list(routes.values())
    if route.startswith("/"):
        return [route]
    if route not in routes:
        raise ValueError(
            f"Cannot use ROUTE: must be {', '.join(routes)}, random or a path: current value is {route}"
        )
    return [routes[route]]
