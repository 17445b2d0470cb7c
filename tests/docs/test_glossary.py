"""The glossary: its words are in order, and the wire names it reserves are free."""

from __future__ import annotations

import re
from pathlib import Path

from senter.reference.messages import all_messages

PAGE = Path(__file__).parents[2] / "docs" / "glossary.md"
HEADING = "## Reserved wire names"


def first_cells(part: str) -> list[str]:
    rows = [line for line in part.splitlines() if line.startswith("| ")]
    return [row.split(" | ")[0].removeprefix("| ") for row in rows[1:]]


def test_no_message_takes_a_reserved_wire_name() -> None:
    _, reserved = PAGE.read_text(encoding="utf-8").split(HEADING)
    names = {name for cell in first_cells(reserved) for name in re.findall(r"`(\w+)`", cell)}
    assert len(names) >= 5
    assert names & {message.wire_name for message in all_messages()} == set()


def test_the_words_are_in_order_and_each_is_there_once() -> None:
    words, _ = PAGE.read_text(encoding="utf-8").split(HEADING)
    found = [word.casefold() for word in first_cells(words)]
    assert found == sorted(set(found))
