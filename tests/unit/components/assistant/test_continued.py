"""Questions that ask on about the one before them, as whole ones."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from senter.components.assistant.continued import continued

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 30, 10, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "before", "whole"),
    [
        ("and in the morning?", ("am i free friday afternoon",), "am i free friday in the morning"),
        ("and on Wednesday?", ("What's on tomorrow?",), "What's on Wednesday"),
        ("what about next week", ("whats on tomorrow",), "what's next week"),
        ("and in the evening?", ("and on Thursday?", "Am I free tomorrow?"), "Am I free on Thursday in the evening"),
        (
            "how much is that in total",
            ("Which invoices are unpaid?",),
            "how much is that in total: invoices are unpaid",
        ),
        ("where is it?", ("when is the fair",), "where is it: fair"),
        ("What?", ("when is the fair",), ""),
        ("how are you", ("when is the fair",), ""),
        ("and at 3?", ("am i free on 3 march 2031",), "am i free on 3 march 2031 at 3"),
        ("and the deposit?", ("whats my rent",), ""),
        ("on Wednesday", ("Am I free tomorrow?",), ""),
        ("and on Wednesday?", (), ""),
        ("and call mom tomorrow", ("what's on today",), ""),
    ],
)
def test_what_is_left_out_is_taken_from_what_was_asked_before(text: str, before: tuple[str, ...], whole: str) -> None:
    assert continued(text, before, MONDAY, BERLIN) == whole
