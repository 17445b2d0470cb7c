"""The development sets are well formed: a label that cannot be right would steer what is tuned by it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from pydantic import ConfigDict

from senter.messages.acts import ActKind, Subject
from senter.messages.message import Frozen

SECOND = Path(__file__).parent / "second"


class Labelled(Frozen):
    model_config = ConfigDict(extra="forbid")


class LabelledAct(Labelled):
    kind: ActKind
    due: str | None
    recurrence: str | None
    all_day: bool
    end: str | None = None


class Sentence(Labelled):
    id: str
    text: str
    now: str
    acts: tuple[LabelledAct, ...]
    one_reading: bool
    trap: str = ""


class Asked(Labelled):
    id: str
    text: str
    subject: Subject


class Exchange(Labelled):
    id: str
    asked: str
    answer: str
    claims: tuple[str, ...]


Row = TypeVar("Row", bound=Labelled)


def rows(name: str, kind: type[Row]) -> list[Row]:
    lines = (SECOND / name).read_text(encoding="utf-8").splitlines()
    return [kind.model_validate_json(line) for line in lines]


SENTENCES = rows("acts.jsonl", Sentence)
QUESTIONS = rows("mine.jsonl", Asked)
EXCHANGES = rows("claims.jsonl", Exchange)


def moment(now: str) -> datetime:
    iso, zone = now.removesuffix("]").split("[")
    return datetime.fromisoformat(iso).astimezone(ZoneInfo(zone))


def is_due_later(sentence: Sentence) -> bool:
    now = moment(sentence.now).isoformat()
    return all(act.due >= now[: len(act.due)] for act in sentence.acts if act.due)


def is_consistent(act: LabelledAct) -> bool:
    if act.kind in (ActKind.QUESTION, ActKind.TALK):
        return (act.due, act.recurrence, act.end) == (None, None, None)
    in_order = act.end is None or (act.due is not None and act.end > act.due)
    return in_order and act.all_day == (act.due is not None and "T" not in act.due) and repeats(act)


def repeats(act: LabelledAct) -> bool:
    if act.recurrence is None:
        return True
    if act.recurrence.startswith("RRULE:"):
        return act.due is None and bool(rrulestr(act.recurrence, dtstart=datetime(2026, 1, 1, tzinfo=UTC))[1])
    return act.due is None and len(act.recurrence.split()) == 5


def test_moments_of_the_sentences_are_local_times_of_their_zones() -> None:
    assert [one.id for one in SENTENCES if moment(one.now).isoformat() != one.now.split("[")[0]] == []


def test_nothing_is_due_before_it_was_said() -> None:
    assert [one.id for one in SENTENCES if not is_due_later(one)] == []


def test_labels_agree_with_themselves() -> None:
    assert [one.id for one in SENTENCES if not all(is_consistent(act) for act in one.acts)] == []


def test_half_of_the_sentences_mislead() -> None:
    assert sum(bool(sentence.trap) for sentence in SENTENCES) * 2 >= len(SENTENCES)


def test_claims_stand_in_their_answers_word_for_word() -> None:
    assert [one.id for one in EXCHANGES if not all(claim in one.answer for claim in one.claims)] == []


def test_nothing_is_said_twice() -> None:
    said = [row.text for row in SENTENCES] + [row.text for row in QUESTIONS] + [row.asked for row in EXCHANGES]
    names = [row.id for row in (*SENTENCES, *QUESTIONS, *EXCHANGES)]
    assert len(names) == len(set(names))
    assert sorted({text for text in said if said.count(text) > 1}) == []
