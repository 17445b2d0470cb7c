"""Three hundred sentences, many of them traps: what is read in them, and at what moments. None was trained on."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

from senter.messages.acts import Act
from senter.messages.understanding import Understanding
from senter.understanding.kinds import NOTHING_DONE
from tests.unit.understanding.said import meant
from training.corpus import by_grammar, by_hand


class Wanted(TypedDict):
    """What one act must be; what is left out may be anything."""

    kind: str
    due: NotRequired[str | None]
    end: NotRequired[str]
    recurrence: NotRequired[str]
    all_day: NotRequired[bool]


class Row(TypedDict):
    """A sentence with all its acts but questions and talk."""

    text: str
    acts: list[Wanted]


ROWS: list[Row] = [
    json.loads(line) for line in (Path(__file__).parent / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
]


@cache
def read() -> dict[str, Understanding]:
    return {row["text"]: meant(row["text"]) for row in ROWS}


def doing(text: str) -> list[Act]:
    return [act for act in read()[text].acts if act.kind not in NOTHING_DONE]


def kinds_of(row: Row) -> Counter[str]:
    return Counter(wanted["kind"] for wanted in row["acts"])


def test_nearly_all_acts_are_found_and_nearly_nothing_else() -> None:
    found = {row["text"]: Counter(act.kind.value for act in doing(row["text"])) for row in ROWS}
    right = sum((found[row["text"]] & kinds_of(row)).total() for row in ROWS)
    wrong = [
        text for text, kinds in found.items() if kinds != next(kinds_of(row) for row in ROWS if row["text"] == text)
    ]
    assert right >= 0.97 * sum(kinds.total() for kinds in found.values()), wrong
    assert right >= 0.95 * sum(kinds_of(row).total() for row in ROWS), wrong


def test_the_moments_of_what_is_found_are_right() -> None:
    wrong = [
        (row["text"], wanted, act)
        for row in ROWS
        for wanted, act in _paired(row)
        if any(act.model_dump(mode="json")[name] != value for name, value in wanted.items())
    ]
    assert not wrong


def _paired(row: Row) -> list[tuple[Wanted, Act]]:
    """Each wanted act with the next found one of its kind."""
    left = doing(row["text"])
    pairs: list[tuple[Wanted, Act]] = []
    for wanted in row["acts"]:
        act = next((act for act in left if act.kind.value == wanted["kind"]), None)
        if act:
            left.remove(act)
            pairs.append((wanted, act))
    return pairs


def test_few_are_asked_back() -> None:
    assert sum(found.question is not None for found in read().values()) <= 0.1 * len(read())


def test_spans_are_places_in_the_text() -> None:
    for text, found in read().items():
        for act in found.acts:
            begin, end = act.span
            assert 0 <= begin < end <= len(text)


def test_none_of_them_was_learned() -> None:
    learned = {sentence.text.lower().strip(" .!?") for sentence in (*by_hand(), *by_grammar())}
    again = [row["text"] for row in ROWS if row["text"].lower().strip(" .!?") in learned]
    assert not again
