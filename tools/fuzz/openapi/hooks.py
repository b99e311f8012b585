"""Ends each good key of a request differently: the same key under another body is a conflict, which no schema can tell."""

import itertools
import re

import schemathesis

NAME = "Idempotency-Key"
GOOD = re.compile(r"[!-~]{1,255}")
numbers = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    key = (case.headers or {}).get(NAME)
    if isinstance(key, str) and GOOD.fullmatch(key):
        case.headers[NAME] = f"{key[:230]}-{next(numbers)}"
