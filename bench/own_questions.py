"""Questions about a person's own things: is the sentence that answers quoted first, and how long does it take to find?

The things are those of `tests/support/own_home.py`, made anew: papers with English and German names, a calendar,
reminders, goals with results, notes, earlier talk. The documents component indexes and searches them; engine and
scheduler are scripted; what looks things up is the assistant's own. `--papers N` adds N papers about other things,
`--failures` writes what was not right to standard error.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from pathlib import Path

from measuring.homes import scratch_home
from measuring.report import Report, quantile, run_figure
from tests.support.own_questions import CASES
from tests.support.own_room import OwnRoom, own_room

RIGHT_FIRST = 0.9
MEDIAN_MS, P99_MS = 20, 100
ROUNDS = 3
SUBJECTS = """
bridge court company meeting contract festival museum station hotel river machine novel committee election orchestra
factory harbour telescope painting library mountain engine theatre newspaper island university ship invoice garden
school recipe password number price insurance decision train vaccine colour birthday guest summer code copy warranty
"""
DEEDS = "opened rebuilt crossed sold described replaced founded painted closed discussed cost served moved won"
PLACES = "Lyon Kyoto Quito Bergen Turin Perth Ghent Malmo Natal Leeds Cork Graz Basel Varna"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--papers", type=int, default=1_000, help="how many papers about other things: 1000")
    options.add_argument("--failures", action="store_true", help="show what was not right")
    chosen = options.parse_args()

    def figure() -> Report:
        report = Report("own_questions", "questions about what is one's own: the right sentence first, and how fast")
        with scratch_home() as home:
            _write_others(home / "papers", chosen.papers)
            asyncio.run(_measure(report, home, failures=chosen.failures))
        return report

    run_figure(figure, limit_seconds=600)


async def _measure(report: Report, home: Path, *, failures: bool) -> None:
    async with own_room(home) as room:
        right = [await _is_right(room, number, failures=failures) for number in range(len(CASES))]
        times = [await _milliseconds(room, case.text) for _ in range(ROUNDS) for case in CASES]
    share = sum(right) / len(right)
    report.single("right first", share, "share")
    report.measured("look-up", times)
    report.at_least("right first", share, RIGHT_FIRST)
    report.at_most("p50", quantile(times, 50), MEDIAN_MS, "ms")
    report.at_most("p99", quantile(times, 99), P99_MS, "ms")


async def _is_right(room: OwnRoom, number: int, *, failures: bool) -> bool:
    case = CASES[number]
    found = await room.find(case.text)
    if failures and not case.is_right(found):
        quotes = [answer.quote for answer in found.answers]
        sys.stderr.write(f"- {case.text} {case.right!r} {quotes}\n")
    return case.is_right(found)


async def _milliseconds(room: OwnRoom, question: str) -> float:
    return (await room.timed(question))[1] * 1_000


def _write_others(folder: Path, count: int) -> None:
    """Papers as people have them about other things."""
    choices = random.Random(7)  # noqa: S311 - the same papers each time
    for number in range(count):
        path = folder / f"other {number % 20}" / f"paper {number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_paper(choices), encoding="utf-8")


def _paper(choices: random.Random) -> str:
    paragraphs = (" ".join(_sentence(choices) for _ in range(5)) for _ in range(8))
    return "\n\n".join((f"# {choices.choice(SUBJECTS.split()).capitalize()}", *paragraphs)) + "\n"


def _sentence(choices: random.Random) -> str:
    subject, deed, other, place = (choices.choice(words.split()) for words in (SUBJECTS, DEEDS, SUBJECTS, PLACES))
    day = f"{choices.randint(1, 28)} June {choices.randint(1950, 2020)}"
    return f"The {subject} {deed} the {other} in {place} on {day}."


if __name__ == "__main__":
    main()
