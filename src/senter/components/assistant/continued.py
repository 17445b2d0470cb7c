"""Questions that ask on about the one before them: `and on Saturday?`, `how much is that in total`. Pure.

What they leave out is taken from what was asked before, so that they are answered as whole questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from senter.components.assistant.entries import asked_time
from senter.components.assistant.mine.asking import asks_for_figure, asks_on
from senter.components.assistant.mine.question import read_question
from senter.components.assistant.words import spelled, words
from senter.moments.finding import find_when


def continued(text: str, before: Sequence[str], now: datetime, zone: ZoneInfo) -> str:
    """The whole question; empty for a text that is one itself. `before` is what was asked, the last first."""
    if not before:
        return ""
    text = spelled(text.strip())
    if not (time := _time_alone(text, now, zone)) and not _asks_about_it(text):
        return ""
    whole = continued(before[0], before[1:], now, zone) or spelled(before[0].strip(" ?!."))
    if time:
        return _at(time, whole, now, zone)
    return f"{text.strip(' ?!.')}: {read_question(whole, whole).about}"


def _asks_about_it(text: str) -> bool:
    """`How much is that in total`, `where is it`: names nothing, and wants a figure, a time, a place or somebody."""
    return asks_on(text) and (asks_for_figure(text) or bool(read_question(text, text).wanted))


def _time_alone(text: str, now: datetime, zone: ZoneInfo) -> str:
    """What a text says that asks on about another time, and about nothing else."""
    found = words().asks_on.match(text)
    if found is None:
        return ""
    said = text[found.end() :].strip(" ?!.,")
    span, rest = asked_time(said, now, zone)
    return said if span and not words().telling(rest) else ""


def _at(time: str, whole: str, now: datetime, zone: ZoneInfo) -> str:
    """A question about another time; a part of a day is one of the day that was asked about."""
    spans = sorted(span for when in find_when(whole, now, zone) for span in when.spans)
    rest = whole
    for begin, end in reversed(spans):
        rest = f"{rest[:begin].rstrip()} {rest[end:].lstrip()}"
    days = " ".join(words().part_of_day.sub("", whole[begin:end]).strip() for begin, end in spans)
    day = days if re.sub(r"\W", "", words().part_of_day.sub("", time)) == "" else ""
    return " ".join(f"{rest} {day} {time}".split())
