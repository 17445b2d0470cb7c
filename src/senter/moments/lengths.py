"""Lengths of time in words: `1h30m`, `90 s`, `half an hour`, `two weeks`, by the one grammar of time."""

from __future__ import annotations

DAY = 86_400
LONGEST_TEXT = 200


def seconds_in(text: str) -> float | None:
    """How many seconds, of a length in units of a week at most; none for any other text."""
    from senter.moments.finding import read  # most commands are without a length

    reading = read(text[: LONGEST_TEXT + 1], is_whole=True)
    found = reading.length(0) if len(text) <= LONGEST_TEXT else None
    if found is None or found[1] != len(reading.tokens) or found[0].months:
        return None
    length = found[0]
    return length.days * DAY + length.seconds
