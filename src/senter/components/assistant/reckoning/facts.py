"""The one door: a simple fact that is asked for, told as a sentence, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from senter.components.assistant.reckoning.arithmetic import sum_told
from senter.components.assistant.reckoning.calendar_days import days_told
from senter.components.assistant.reckoning.units import conversion_told
from senter.components.assistant.reckoning.wording import LONGEST, fact_words
from senter.sentences import languages, speaking, spoken


def simple_fact(text: str, now: datetime, zone: ZoneInfo) -> str:
    """Takes microseconds for what is none, which is answered with an empty text."""
    if len(text) > LONGEST or "\n" in text.strip():
        return ""
    return _told(text, now, zone) or next(filter(None, _in_others(text, now, zone)), "")


def _told(text: str, now: datetime, zone: ZoneInfo) -> str:
    bare = fact_words().bare(text)
    return sum_told(bare) or conversion_told(bare) or days_told(bare, now, zone)


def _in_others(text: str, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """`5 miles in km` tells no language, and is asked by people of any."""
    for language in languages():
        if language != spoken():
            with speaking(language):
                yield _told(text, now, zone)
