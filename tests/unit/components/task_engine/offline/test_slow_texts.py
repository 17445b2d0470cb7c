"""What reads words of people and pages takes a text's length and no more: four times the text, four times the work.

Each of these took the square of it, or more. `bench/adversarial_texts.py` looks for others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from senter.component.tool_talk.outside_text import plainly
from senter.components.reporter.targets import target_of
from senter.components.task_engine.contract.material import LONGEST_DOCUMENT, Material, SourceText
from senter.components.task_engine.offline.clauses import understand
from senter.components.task_engine.offline.drafting import review
from senter.components.task_engine.offline.rules import plan_of
from senter.components.task_engine.offline.summary import summarise
from senter.quoting.grounding import problems_with

T = TypeVar("T")
TOOLS = ("documents_search", "file_trash", "file_list", "file_sort", "calendar_add", "email_draft", "note", "remind")
TARGET = target_of("mailto://ann@example.org")
CHARACTERS = 10_000
NOISE_SECONDS = 0.004
"""Of CPU: less than that says nothing."""
GROWTH = 12
"""Between 4, which is in proportion to the length, and 16, which is its square."""


def summary(text: str) -> object:
    return summarise(Material(documents=(SourceText(title="a page", address="a", text=text),)), "bread")


READERS: dict[str, Callable[[str], object]] = {
    "planner": lambda text: plan_of(understand(text), TOOLS),
    "summary": summary,
    "review": lambda text: review(text, None, 1),
    "grounding": lambda text: problems_with(text, ()),
    "marks": plainly,
    "complaint": TARGET.masked,
}


@pytest.mark.parametrize(
    ("reader", "begin", "unit", "end"),
    [
        ("planner", "", "and then ", ""),
        ("planner", "Research bread ", "and to then ", "!"),
        ("planner", "Schedule ", "at 5 ", "x"),
        ("planner", "Schedule ", "on monday ", "x"),
        ("planner", "Schedule ", "12pm ", "x"),
        ("planner", "Delete ", "/a, ", "/b"),
        ("planner", "Write an email to ", "a.", "x"),
        ("summary", "", "[", ""),
        ("summary", "# a", " ", "x"),
        ("summary", "# a", "#", "x"),
        ("summary", "", "It is e.g. ", "Bread"),
        ("grounding", "", "\n", "x"),
        ("complaint", "", "a.", "x"),
    ],
)
def test_a_longer_text_takes_longer_in_proportion(reader: str, begin: str, unit: str, end: str) -> None:
    def text(characters: int) -> str:
        return begin + unit * (characters // len(unit)) + end

    quick, slow = (_cpu_seconds(READERS[reader], text(length)) for length in (CHARACTERS // 4, CHARACTERS))
    assert slow <= GROWTH * max(quick, NOISE_SECONDS)


def test_marks_inside_marks_are_taken_out_however_deep() -> None:
    def text(depth: int) -> str:
        return "<|" * depth + "|>" * depth

    quick, slow = (_cpu_seconds(plainly, text(depth)) for depth in (2_000, 8_000))
    assert slow <= GROWTH * max(quick, NOISE_SECONDS)
    assert not set("<|>") & set(plainly(text(2_000)))
    assert plainly("a <|<|im_start|>|> [b] < c") == "a   [b] < c"


def test_a_document_of_whatever_tool_is_cut_to_what_is_read_of_it() -> None:
    [found] = Material.of([SourceText(title="a", address="a", text="x" * 2 * LONGEST_DOCUMENT)]).documents
    assert len(found.text) == LONGEST_DOCUMENT


def _cpu_seconds(reader: Callable[[T], object], given: T) -> float:
    """The least of three, so that what else the machine does counts little."""
    return min(_once(reader, given) for _ in range(3))


def _once(reader: Callable[[T], object], given: T) -> float:
    began = time.thread_time()
    reader(given)
    return time.thread_time() - began
