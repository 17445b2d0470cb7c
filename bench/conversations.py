"""Thirty scripted conversations, each on a clock that is moved: how many end, and go, in the right states.

What exists after each turn is compared: reminders, jobs, open goals, entries of the calendar and notes, each by words
of its title and its time, nothing more and nothing less; and whether something was asked back. Assistant, task engine
and scheduler are the real ones, in one process; the model knows nothing. `--failures` writes what went otherwise to
standard error.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from measuring.homes import scratch_home
from measuring.report import Report, run_figure
from senter.errors import SenterError
from senter.messages.turns import TurnReply
from tests.support.labelled_sets import ExpectedThing, ScriptedConversation, ScriptedTurn, conversations
from tests.support.said_times import is_at
from tests.support.what_exists import Existing
from tests.support.whole_senter import WholeSenter, whole_senter


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--failures", action="store_true", help="show what went otherwise than it should")
    options.add_argument("--only", nargs="*", default=[], help="parts of the names of those to hold")
    chosen = options.parse_args()
    wanted = [one for one in conversations() if not chosen.only or any(part in one.name for part in chosen.only)]

    def figure() -> Report:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        report = Report("conversations", "scripted conversations that go as they should")
        wrong = [(one, asyncio.run(_wrong_in(one))) for one in wanted]
        right = sum(not found for _, found in wrong)
        turns = sum(len(one.turns) for one in wanted)
        report.at_least("conversations in the right state after each turn", right, len(wanted))
        report.single("turns", turns, "turns")
        if chosen.failures:
            sys.stderr.write("".join(f"{one.name}\n{''.join(found)}" for one, found in wrong if found))
        return report

    run_figure(figure, limit_seconds=1_200)


async def _wrong_in(conversation: ScriptedConversation) -> list[str]:
    """What went otherwise, in the first turn in which anything did."""
    first = conversation.turns[0].at
    with scratch_home() as home:
        try:
            async with whole_senter(home, first, conversation.zone) as senter:
                for turn in conversation.turns:
                    if wrong := await _wrong_after(senter, turn, ZoneInfo(conversation.zone)):
                        return wrong
        except (SenterError, TimeoutError, ExceptionGroup) as error:
            return [f"  {type(error).__name__}: {error}\n"]
    return []


async def _wrong_after(senter: WholeSenter, turn: ScriptedTurn, zone: ZoneInfo) -> list[str]:
    await senter.move_to(turn.at)
    reply = await senter.say(turn.says)
    local = turn.at.astimezone(zone).replace(tzinfo=None)
    wrong = [*_wrong_in_answer(turn, reply), *_differences(turn.state, await senter.what_exists(), local)]
    return (
        [f"  {turn.says}\n  {reply.response or reply.error}\n", *(f"    {what}\n" for what in wrong)] if wrong else []
    )


def _wrong_in_answer(turn: ScriptedTurn, reply: TurnReply) -> Iterator[str]:
    asked = reply.asks is not None
    if turn.asks != "may" and asked != (turn.asks == "must"):
        yield "asks back" if asked else "does not ask back"
    if turn.answer and not any(words.casefold() in reply.response.casefold() for words in turn.answer):
        yield f"says none of: {', '.join(turn.answer)}"


def _differences(expected: Sequence[ExpectedThing], existing: Sequence[Existing], now: datetime) -> Iterator[str]:
    left = list(existing)
    for thing in expected:
        fit = next((found for found in left if _is_it(found, thing, now)), None)
        if fit is None:
            yield f"missing: {thing.model_dump_json(exclude_defaults=True)}"
        else:
            left.remove(fit)
    for found in left:
        yield f"not expected: {found}"


def _is_it(found: Existing, thing: ExpectedThing, now: datetime) -> bool:
    return (
        found.kind == thing.kind
        and thing.title.casefold() in found.title.casefold()
        and found.paused == thing.paused
        and any(is_at(found.times, right, now) for right in thing.alternatives)
    )


if __name__ == "__main__":
    main()
