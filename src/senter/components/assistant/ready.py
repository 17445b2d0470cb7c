"""The tables of what is answered without a model, read when this is imported: once, in the process that the components
are forked from, so that nobody's first question waits for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from senter.components.assistant.reckoning.facts import simple_fact
from senter.components.assistant.use.described import command_for
from senter.components.assistant.use.said import setting_said
from senter.components.assistant.use.table import question_of
from senter.sentences import languages, speaking


def _read(language: str) -> str:
    with speaking(language):
        setting_said("?")
        question_of("?")
        command_for("?")
        simple_fact("2 x ?", datetime.now(UTC), ZoneInfo("UTC"))
    return language


READY: Final = tuple(map(_read, languages()))
"""The languages whose tables are read."""
