"""Questions about seventy papers of a household: is the right source first, and is the right sentence shown?

The papers are those of `tests/sets/papers`, of all kinds; two hundred questions stand in `papers.jsonl`, half of them
held back from whoever makes the rules. The documents component indexes and searches; what looks things up is the
assistant's own, and no model is asked. The peer is plain FTS5 over the paragraphs of the same texts, in the same run:
any word of a question, the best by bm25.

Another family's papers, those of `tests/sets/studio`, are asked about at the front door alone.

Through the front door the same questions are typed at a whole assistant, each in a conversation of its own, beside a
model that knows nothing. `--failures` writes what was not right to standard error, of the open half alone unless
`--held` is given; D marks what was not right at the front door.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from measuring.homes import scratch_home
from measuring.report import Report, run_figure
from senter.messages.query import Quoted
from tests.support.front_door import Answered, front_door
from tests.support.household import (
    PaperQuestion,
    paper_questions,
    paper_texts,
    shown,
    studio_questions,
    write_studio_papers,
)
from tests.support.paper_search import PaperSearch
from tests.support.papers_room import papers_room

SOURCE_FIRST, SENTENCE_SHOWN = 0.85, 0.75
DOOR_FIRST, DOOR_SHOWN = 0.85, 0.75


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, and what each of the two shows."""

    question: PaperQuestion
    ours: Sequence[Quoted]
    peer: Sequence[Quoted]
    milliseconds: float
    at_door: Answered
    total: str = ""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--failures", action="store_true", help="show what was not right, of the open half")
    options.add_argument("--held", action="store_true", help="of the half that is held back, too")
    chosen = options.parse_args()

    def figure() -> Report:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        report = Report("papers", "questions over a household's papers: right source first, right sentence shown")
        asked = asyncio.run(_ask_all())
        _measure(report, asked)
        _measure_studio(report, asyncio.run(_typed_of_studio()))
        for one in asked if chosen.failures else ():
            if chosen.held or not one.question.held:
                _tell(one)
        return report

    run_figure(figure, limit_seconds=600)


async def _ask_all() -> list[_Asked]:
    peer = PaperSearch(paper_texts())
    at_door = await _typed()
    with scratch_home() as home:
        async with papers_room(home) as room:
            asked: list[_Asked] = []
            for question, answered in zip(paper_questions(), at_door, strict=True):
                begun = time.perf_counter()
                found = await room.find(question.text)
                took = (time.perf_counter() - begun) * 1_000
                ours = found.answers if question.declines else shown(found)
                asked.append(_Asked(question, ours, peer.find(question.text), took, answered, found.total))
    return asked


async def _typed() -> list[Answered]:
    with scratch_home() as home:
        async with front_door(home) as door:
            return [await door.ask(question.text) for question in paper_questions()]


async def _typed_of_studio() -> list[tuple[PaperQuestion, Answered]]:
    with scratch_home() as home:
        async with front_door(home, write_studio_papers) as door:
            return [(question, await door.ask(question.text)) for question in studio_questions()]


def _measure_studio(report: Report, asked: Sequence[tuple[PaperQuestion, Answered]]) -> None:
    for half in ("all", "held", "open"):
        of = [pair for pair in asked if half == "all" or pair[0].held == (half == "held")]
        first = _share([answer.is_right_first(question) for question, answer in of])
        told = _share([answer.is_shown(question) for question, answer in of])
        report.single(f"studio, through the front door: right source first, {half}", first, "share")
        report.single(f"studio, through the front door: right sentence shown, {half}", told, "share")
        if half != "open":
            report.at_least(f"studio, through the front door: right source first, {half}", first, DOOR_FIRST)
            report.at_least(f"studio, through the front door: right sentence shown, {half}", told, DOOR_SHOWN)


def _measure(report: Report, asked: Sequence[_Asked]) -> None:
    for half in ("all", "held", "open"):
        of = [one for one in asked if half == "all" or one.question.held == (half == "held")]
        first = _share([one.question.is_right_first(one.ours) for one in of])
        told = _share([one.question.is_shown(one.ours, one.total) for one in of])
        by_search = _share([one.question.is_right_first(one.peer) for one in of])
        report.single(f"right source first, {half}", first, "share")
        report.single(f"right sentence shown, {half}", told, "share")
        report.single(f"plain FTS5: right source first, {half}", by_search, "share")
        shown_by_search = _share([one.question.is_shown(one.peer) for one in of])
        report.single(f"plain FTS5: right sentence shown, {half}", shown_by_search, "share")
        typed_first = _share([one.at_door.is_right_first(one.question) for one in of])
        typed_shown = _share([one.at_door.is_shown(one.question) for one in of])
        report.single(f"through the front door: right source first, {half}", typed_first, "share")
        report.single(f"through the front door: right sentence shown, {half}", typed_shown, "share")
        if half != "open":
            report.at_least(f"through the front door: right source first, {half}", typed_first, DOOR_FIRST)
            report.at_least(f"through the front door: right sentence shown, {half}", typed_shown, DOOR_SHOWN)
            report.at_least(f"right source first, {half}", first, SOURCE_FIRST)
            report.at_least(f"right sentence shown, {half}", told, SENTENCE_SHOWN)
            report.at_least(f"beside plain FTS5, right source first, {half}", first - by_search, 0.0)
    report.measured("look-up", [one.milliseconds for one in asked])
    report.measured("through the front door", [one.at_door.milliseconds for one in asked])


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right)


def _tell(one: _Asked) -> None:
    question = one.question
    is_first, is_shown = question.is_right_first(one.ours), question.is_shown(one.ours, one.total)
    is_typed = one.at_door.is_right_first(question) and one.at_door.is_shown(question)
    if not (is_first and is_shown and is_typed):
        marks = f"{'' if is_first else 'S'}{'' if is_shown else 'Q'}{'' if is_typed else 'D'}"
        lines = "".join(f"\n      {line.quote[:230]}" for line in one.ours[:3])
        typed = "" if is_typed else f"\n      at the front door: {' '.join(one.at_door.turn.response.split())[:230]}"
        told = f"{question.sources} {question.has} {question.lacks}{lines}{typed}"
        sys.stderr.write(f"- {marks} {question.text} | {told}\n")


if __name__ == "__main__":
    main()
