"""Objects in what a model wrote."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.component.tool_talk.written_json import objects_in, whole_object

PLAN = {"tasks": [{"description": "Write the note"}]}


@pytest.mark.parametrize(
    "around",
    [
        "@",
        "```json\n@\n```",
        "Sure! Here is the plan:\n\n```json\n@\n```\nLet me know!",
        '<think>\nI could use {"tasks": []} or {x}, but no.\n</think>\n\n@',
        "A set is {1, 2}; a format is {name!r}. @ That was {it}.",
        '{"plan": @}',
        "[@]",
    ],
)
def test_an_object_is_found_whatever_stands_around_it(around: str) -> None:
    assert PLAN in list(objects_in(around.replace("@", json.dumps(PLAN))))


@given(st.text(max_size=300))
def test_looking_never_raises(text: str) -> None:
    assert all(json.dumps(found) for found in objects_in(text))
    whole_object(text)


@pytest.mark.parametrize("text", ["{" * 90_000, '{"a":' * 20_000, "{" * 200_000, ""])
def test_nothing_is_found_where_nothing_ends(text: str) -> None:
    assert list(objects_in(text)) == []


def test_a_whole_object_has_nothing_around_it_but_a_fence() -> None:
    assert whole_object('```json\n{"a": 1}\n```') == {"a": 1}
    assert whole_object(' {"a": 1} ') == {"a": 1}
    assert whole_object('See: {"a": 1}') is None
    assert whole_object('{"a": 1} {"b": 2}') is None
    assert whole_object("[1]") is None
