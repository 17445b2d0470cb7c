"""Eight times fifteen everyday sentences, said to a daemon that has a person's papers and calendar: what becomes.

Done is a sentence whose reminder, job, goal or entry exists afterwards at its time, with its receipt and nothing else
beside it, or whose answer or text holds what it must. Asked is one that is asked back, where the first choice leads to
that. Everything else is wrong. `--failures` writes what was not done to standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from measuring.homes import brain, daemon, floor, scratch_home, wait_for_model, without_models
from measuring.http import over_unix
from measuring.person import PersonAtDaemon, settings_of
from measuring.report import Report, run_figure
from senter.messages.turns import TurnReply
from tests.support.labelled_sets import EverydaySentence, RightOutcome, everyday_sentences
from tests.support.own_things import calendar_text, entry_of, write_papers
from tests.support.said_times import A_DAY, RelativeDay, Times, is_at
from tests.support.what_exists import Existing

ZONE = ZoneInfo("Europe/Berlin")
DONE_OF_FIFTEEN, ASKED_OF_FIFTEEN = 12, 3
ASKED_OF_ALL = 0.1
MODELS = {"brain": brain, "floor": floor, "none": without_models}


class Became(StrEnum):
    """What became of a sentence."""

    DONE = "done"
    ASKED = "asked"
    WRONG = "wrong"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sets", nargs="*", type=int, default=[], help="numbers of the sets, from 1; all eight")
    options.add_argument("--model", choices=MODELS, default="brain", help="what answers: the default model")
    options.add_argument("--failures", action="store_true", help="show what was not done")
    chosen = options.parse_args()

    def figure() -> Report:
        report = Report("fifteen", "everyday sentences that are done or answered at once")
        failures = list[str]()
        became = list[Became]()
        for number, group in groupby(everyday_sentences(), lambda sentence: sentence.number_of_set):
            if not chosen.sets or number in chosen.sets:
                became += _measure(report, number, tuple(group), MODELS[chosen.model](), chosen.model, failures)
        report.at_most("asked back, of all", became.count(Became.ASKED) / max(1, len(became)), ASKED_OF_ALL)
        if chosen.failures:
            sys.stderr.write("".join(failures))
        return report

    run_figure(figure, limit_seconds=7_200)


def _measure(
    report: Report, number: int, said: Sequence[EverydaySentence], models: str, model: str, failures: list[str]
) -> list[Became]:
    with ExitStack() as stack:
        papers = stack.enter_context(scratch_home())
        started = stack.enter_context(daemon(settings_of(ZONE) + models))
        if model != "none":
            wait_for_model(started)  # before it is connected to: a connection that is silent for so long is closed
        caller = stack.enter_context(over_unix(started))
        person = PersonAtDaemon(caller, started.paths, ZONE)
        write_papers(papers)
        (started.paths.data / "calendar.ics").write_text(calendar_text(datetime.now(ZONE).date()), encoding="utf-8")
        person.shows_folder(papers)
        became = [_what_became(person, sentence, failures) for sentence in said]
    counted = Counter(became)
    report.at_least(f"set {number}: done or answered at once", counted[Became.DONE], DONE_OF_FIFTEEN)
    report.at_most(f"set {number}: by a question back", counted[Became.ASKED], ASKED_OF_FIFTEEN)
    report.at_most(f"set {number}: wrong", counted[Became.WRONG], 0)
    return became


def _what_became(person: PersonAtDaemon, sentence: EverydaySentence, failures: list[str]) -> Became:
    before, written = person.what_exists(), person.texts()
    reply = person.says(sentence.text)
    asked = reply.asks
    if asked and asked.alternatives:
        reply = person.says(asked.alternatives[0].says, reply.conversation_id)
    if sentence.outcome.text or sentence.outcome.events_of:
        person.waits_for_work()
    made = list((Counter(person.what_exists()) - Counter(before)).elements())
    texts = [text for file, text in person.texts().items() if written.get(file) != text]
    if _is_right(sentence.outcome, reply, made, texts):
        return Became.ASKED if asked else Became.DONE
    failures.append(
        f"{sentence.id} {sentence.text}\n  right: {sentence.outcome.model_dump_json(exclude_defaults=True)}\n"
        f"  said: {' '.join((reply.response or reply.error).split())[:400]}\n  made: {made}\n"
    )
    return Became.WRONG


def _is_right(outcome: RightOutcome, reply: TurnReply, made: Sequence[Existing], texts: Sequence[str]) -> bool:
    now = reply.asked_at.astimezone(ZONE).replace(tzinfo=None)
    if outcome.receipt:
        return bool(reply.receipts) and len(made) == 1 and _is_made(outcome, made[0], now)
    if outcome.events_of:
        day = date.fromisoformat(RelativeDay(outcome.events_of).resolve(now))
        return not made and _holds([reply.response, *texts], ((entry_of(day, now.date()),),))
    if outcome.text:
        return _holds([reply.response, *texts], outcome.text)
    answer = reply.response.casefold()
    return (
        not made
        and _holds([answer], outcome.answer)
        and not any(unwanted.casefold() in answer for unwanted in outcome.without)
    )


def _is_made(outcome: RightOutcome, made: Existing, now: datetime) -> bool:
    due = RelativeDay(outcome.due).resolve(now)
    end = RelativeDay(outcome.end).resolve(now) if outcome.end else None
    days = [due]
    if outcome.recurrence and due.startswith(f"{now.date() + timedelta(days=7)}"):
        days.append(f"{now.date()}{due[A_DAY:]}")  # what comes every week can begin today
    rights = (Times(day, end, outcome.recurrence, outcome.all_day) for day in days)
    return made.kind in outcome.receipt and any(is_at(made.times, right, now) for right in rights)


def _holds(texts: Sequence[str], groups: Sequence[Sequence[str]]) -> bool:
    """Whether of each group one stands in one of the texts; all groups in the same."""
    return any(all(any(words.casefold() in text.casefold() for words in group) for group in groups) for text in texts)


if __name__ == "__main__":
    main()
