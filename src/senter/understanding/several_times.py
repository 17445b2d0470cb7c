"""What is at several times, which is several: `at 15:00, 16:00 and 17:00`, `on monday and thursday at 9`. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from senter.messages.acts import ActKind
from senter.moments.when import When

AT_EACH = (ActKind.REMINDER, ActKind.EVENT, ActKind.SCHEDULE)


def each_time(when: When, kind: ActKind) -> Iterator[When]:
    """One for each; what is of another kind is at one time, and further ones are left unread."""
    further = (span for each in when.also for span in each.spans)
    is_at_each = kind in AT_EACH
    yield replace(when, also=(), unread=when.unread if is_at_each else tuple(sorted({*when.unread, *further})))
    for each in when.also if is_at_each else ():
        yield replace(each, spans=when.spans, unread=when.unread, also=())
