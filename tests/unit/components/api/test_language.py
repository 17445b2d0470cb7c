"""The language that a caller names is that in which a reply is written."""

from __future__ import annotations

import pytest
from starlette.types import Message, Scope

from senter.components.api.gate import GatedRequest


async def receive() -> Message:
    return {}


async def send(_: Message) -> None:
    return None


@pytest.mark.parametrize(
    ("named", "language"),
    [("de", "de"), ("de-AT,en;q=0.8", "de"), ("DE", "de"), ("en-GB,de;q=0.5", "en"), ("fr", ""), ("", ""), ("*", "")],
)
def test_the_first_language_that_is_named_is_spoken_where_it_is_known(named: str, language: str) -> None:
    scope: Scope = {"type": "http", "headers": [(b"accept-language", named.encode())], "state": {}}
    assert GatedRequest(scope, receive, send, 100).language == language


def test_a_caller_that_names_no_language_is_answered_in_english() -> None:
    scope: Scope = {"type": "http", "headers": [], "state": {}}
    assert GatedRequest(scope, receive, send, 100).language == ""
