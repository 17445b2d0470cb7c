"""Whether something that comes again is at a time at which nothing of it stands: `is there yoga on 8 December?`. Pure.

What stands at that time is told elsewhere; a day without it is an answer, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from senter.components.assistant.entries import Span, shown_span
from senter.messages.acts import Thing
from senter.moments.shown import shown_when
from senter.sentences import phrase
from senter.text import one_line
from senter.understanding.references import titled

LONGEST_TITLE = 80
LEFT_OUT = "No: {title} is left out on {when}. It comes next on {next}."
NOT_THEN = "No: {title} is not on {when}. It comes next on {next}."


def said_absent(rest: str, series: Iterable[Thing], span: Span, now: datetime, zone: ZoneInfo) -> str:
    """The sentence for the one series that a question names without its time, where it is not in that; else empty."""
    if span.end <= now:
        return ""
    named = titled(rest, tuple(series))
    times = sorted(at for thing in named for at in (thing.at, *thing.later) if at)
    following = next((at for at in times if at >= max(now, span.end)), None)
    if len(named) != 1 or following is None or any(span.meets(at, at) for at in times):
        return ""
    says = LEFT_OUT if _is_left_out(times, span, zone) else NOT_THEN
    title = one_line(named[0].title, LONGEST_TITLE)
    return phrase(says, title=title, when=shown_span(span, zone), next=shown_when(following, zone))


def _is_left_out(times: Sequence[datetime], span: Span, zone: ZoneInfo) -> bool:
    """Whether a time as far from its neighbours as others are from each other lies in the span."""
    days = [at.astimezone(zone).date() for at in times]
    gaps = [second - first for first, second in pairwise(days)]
    usual = min(gaps, default=None)
    if not usual:
        return False
    expected = (day + usual for day, gap in zip(days, gaps, strict=False) if gap > usual)
    return any(_begin(span, zone) <= day < _end(span, zone) or day == _begin(span, zone) for day in expected)


def _begin(span: Span, zone: ZoneInfo) -> date:
    return span.start.astimezone(zone).date()


def _end(span: Span, zone: ZoneInfo) -> date:
    return span.end.astimezone(zone).date()
