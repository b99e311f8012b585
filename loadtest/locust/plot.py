"""The distribution of latencies as lines of text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

BOUNDS_MS = [each * 10**power for power in range(4) for each in (1, 2, 3, 4, 5, 6, 8)]
WIDTH = 40
EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]


def plot_lines(times: Mapping[int, int]) -> list[str]:
    """Takes how often each time in milliseconds occurred; goes from the fastest row to the slowest."""
    counts = [0] * (len(BOUNDS_MS) + 1)
    for time, number in times.items():
        counts[bisect_left(BOUNDS_MS, time)] += number
    filled = [row for row, number in enumerate(counts) if number > 0]
    if not filled:
        return []
    most, total = max(counts), sum(counts)
    return [
        f"{_label(row):>8} ms  {_bar(counts[row] / most):<{WIDTH}}  {counts[row]:>7}"
        f"  {100 * counts[row] / total:>5.1f} %"
        for row in range(filled[0], filled[-1] + 1)
    ]


def _label(row: int) -> str:
    return f"≤ {BOUNDS_MS[row]}" if row < len(BOUNDS_MS) else f"> {BOUNDS_MS[-1]}"


def _bar(fraction: float) -> str:
    filled = round(fraction * WIDTH * 8)
    if filled == 0 and fraction > 0:
        return EIGHTHS[1]
    return "█" * (filled // 8) + EIGHTHS[filled % 8]
