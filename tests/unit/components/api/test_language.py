"""The language that a caller names is that in which a reply is written."""

from __future__ import annotations

import pytest
from starlette.types import Message

from senter.components.api.gate import GatedRequest


async def nothing(*_: Message) -> Message:
    return {}


@pytest.mark.parametrize(
    ("named", "language"),
    [("de", "de"), ("de-AT,en;q=0.8", "de"), ("DE", "de"), ("en-GB,de;q=0.5", "en"), ("fr", ""), ("", ""), ("*", "")],
)
def test_the_first_language_that_is_named_is_spoken_where_it_is_known(named: str, language: str) -> None:
    scope = {"type": "http", "headers": [(b"accept-language", named.encode())], "state": {}}
    assert GatedRequest(scope, nothing, nothing, 100).language == language


def test_a_caller_that_names_no_language_is_answered_in_english() -> None:
    assert GatedRequest({"type": "http", "headers": [], "state": {}}, nothing, nothing, 100).language == ""
