"""One reminder at several clock times, which is several: `at 15:00, 16:00 and 17:00`, `at 9 and 12`. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from senter.messages.acts import ActKind
from senter.moments.when import When


def each_time(when: When, kind: ActKind) -> Iterator[When]:
    """One for each, of a reminder; what is of another kind is at one time, and further ones stay beside it."""
    if kind is not ActKind.REMINDER:
        yield when
        return
    yield replace(when, also=())
    for moment, _ in when.also:
        yield replace(when, start=moment, due=moment, also=())
