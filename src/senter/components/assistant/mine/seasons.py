"""Seasons that a question looks back or ahead to: `this autumn`. Nothing becomes due by a season. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from senter.components.assistant.entries import Span, days
from senter.components.assistant.mine.question import is_past
from senter.components.assistant.mine.words import own_words


def season_asked(question: str, now: datetime, zone: ZoneInfo) -> tuple[Span | None, str]:
    """The season that a question names, none where it names none; and the question without its words."""
    found = _season().search(question)
    if found is None or _only_describes(question, found):
        return None, question
    first, last = own_words().seasons[found["season"].casefold()]
    today = now.astimezone(zone).date()
    year = int(found["year"]) if found["year"] else _year(first, last, today, _which(found["which"]), question)
    rest = f"{question[: found.start()]} {question[found.end() :]}"
    return days(date(year, first, 1), _last_day(year + (last < first), last), zone), rest


def _only_describes(question: str, found: re.Match[str]) -> bool:
    """Of `the spring concert`, which may be in any month."""
    follows = re.match(r" ([^\W\d]+)", question[found.end() :])
    is_named = found.group().casefold().startswith("the ") and not found["year"]
    return is_named and follows is not None and follows[1].casefold() not in own_words().plain


def _which(said: str | None) -> str:
    """`next`, `last`, `past`; else as it is said."""
    which = (said or "").casefold()
    return own_words().season.which.get(which, which)


def _season() -> re.Pattern[str]:
    """`fall` alone is a verb."""
    names = "|".join(own_words().seasons)
    named = rf"(?P<season>{names})\b(?: (?:of )?(?P<year>\d{{4}}))?"
    return re.compile(rf"\b(?:{own_words().season.before}) {named}", re.IGNORECASE)


def _year(first: int, last: int, today: date, which: str, question: str) -> int:
    """Of its first month: the newest that has begun, or for `next` and what is to come the next to begin."""
    begun = today.year if today.month >= first else today.year - 1
    if which == "next":
        return begun + 1
    is_now = today <= _last_day(begun + (last < first), last)
    if which == "last" and is_now:
        return begun - 1
    return begun if is_now or which in ("last", "past") or is_past(question) else begun + 1


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
