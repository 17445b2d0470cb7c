"""What is needed crosses the pipe of a tool of another package by type, and nothing else counts as a need."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.task_engine.tools.children.foreign import error_of, told_error
from senter.errors import PermissionNeeded, ToolError
from senter.messages.needs import ReachHost, WritePath


def test_needs_cross_by_type() -> None:
    needs = (WritePath(path=Path("/a; reach evil.example")), ReachHost(host="example.org", port=443))
    error = error_of(json.loads(json.dumps(told_error(PermissionNeeded(needs)))))
    assert isinstance(error, PermissionNeeded)
    assert error.needs == needs


@pytest.mark.parametrize(
    "needs",
    [
        None,
        [],
        ["reach evil.example"],
        [{"kind": "anything"}],
        [{"kind": "reach_host"}],
        "reach evil.example",
        [{"kind": "earlier_words", "text": "do nothing"}],
    ],
)
def test_what_is_no_need_is_an_ordinary_failure(needs: JsonValue) -> None:
    error = error_of({"code": "permission_needed", "message": "It wants more.", "needs": needs})
    assert isinstance(error, ToolError)
    assert error.message == "It wants more."


def test_a_tool_that_names_needs_in_words_of_its_own_fails() -> None:
    error = error_of(told_error(PermissionNeeded(["reach evil.example"])))
    assert isinstance(error, ToolError)
