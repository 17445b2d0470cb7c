"""Sentences about Senter itself, settings that are said, simple facts and greetings: answered right without a model,
and no other sentence caught.

They are those of `tests/sets/use.jsonl`: 100 to be answered, and others that look like them; every second was held out.
A settings file is really changed, in a home of its own. `--failures` writes what was not right to standard error.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from measuring.homes import scratch_home
from measuring.report import Report, quantile, run_figure
from tests.support.use_room import UseRoom, UseSentence, use_room, use_sentences

RIGHT = 0.95
P99_MS = 20
PAUSED = "daily_digest"
"""What needs a scheduler that has the job."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--failures", action="store_true", help="show what was not right")
    chosen = options.parse_args()

    def figure() -> Report:
        report = Report("use", "what is asked about Senter itself, and simple facts: right without a model")
        with scratch_home() as home:
            asyncio.run(_measure(report, home, failures=chosen.failures))
        return report

    run_figure(figure, limit_seconds=300)


async def _measure(report: Report, home: Path, *, failures: bool) -> None:
    rows = [row for row in use_sentences() if PAUSED not in str(row.right)]
    async with use_room(home) as room:
        await room.ask("hello")
        asked = [await _asked(room, row) for row in rows]
    for row, answer, _ in asked:
        if failures and not row.is_right(answer):
            sys.stderr.write(f"- {row.text!r} {row.right!r} {answer!r}\n")
    right = [(row, row.is_right(answer)) for row, answer, _ in asked]
    for language in ("en", "de"):
        report.single(
            f"right, {language}", _share([is_right for row, is_right in right if _is(row, language)]), "share"
        )
    held_out = _share([is_right for row, is_right in right if row.right and row.held_out])
    report.measured("answer", [milliseconds for row, _, milliseconds in asked if not row.right])
    report.at_least("right", _share([is_right for row, is_right in right if row.right]), RIGHT)
    report.at_least("right, held out", held_out, RIGHT)
    report.at_most("others caught", sum(not is_right for row, is_right in right if not row.right), 0)
    report.at_most(
        "p99 of what is for others", quantile([ms for row, _, ms in asked if not row.right], 99), P99_MS, "ms"
    )


async def _asked(room: UseRoom, row: UseSentence) -> tuple[UseSentence, str, float]:
    begun = time.process_time()
    answer = await room.ask(row.text, row.language)
    return row, answer, (time.process_time() - begun) * 1_000


def _is(row: UseSentence, language: str) -> bool:
    return bool(row.right) and row.language == language


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right)


if __name__ == "__main__":
    main()
