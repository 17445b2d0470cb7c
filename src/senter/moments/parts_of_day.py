"""The rules for parts of the day, its end, and time zones."""

from __future__ import annotations

from senter.moments.days import Shifted
from senter.moments.hours import half_at
from senter.moments.pieces import ClockTime, EndOfDay, Found, InZone, PartOfDay
from senter.moments.reading import Lead, TimeReading
from senter.moments.tokens import Shape
from senter.moments.zones import is_zone


def part_of_day(reading: TimeReading, at: int, lead: Lead, *, after_piece: bool) -> Found:
    """`morning`, `tonight`, `noon`; alone a morning is no time, but `in the morning` and `tomorrow morning` are."""
    name = reading.words.parts.get(reading.key(at))
    if after_piece and not lead and half_at(reading, at):
        return PartOfDay("morning" if half_at(reading, at) == "am" else "afternoon"), at + 1
    if name is None:
        return None
    if name in ("noon", "midnight"):
        return ClockTime(12 if name == "noon" else 0), at + 1
    is_told = (
        name == "tonight"
        or " " in reading.key(at)
        or reading.is_said(at, "told_parts")
        or after_piece
        or reading.is_whole
        or bool(lead & {"in", "this", "at", "by", "on"})
    )
    if "this" in lead:
        return PartOfDay(name, Shifted()), at + 1
    is_moved = lead == {"the"} and reading.has(at - 2, "to")
    return (PartOfDay(name), at + 1) if is_told or is_moved or reading.has(at + 1, "of") else None


def zone(reading: TimeReading, at: int) -> Found:
    """`UTC`, `PST`, `New York time`, `Europe/Berlin`, `+01:00`; read after a clock time only."""
    token = reading.token(at)
    if token is None:
        return None
    words = reading.words
    if token.shape is Shape.OFFSET:
        return InZone(token.text), at + 1
    if token.shape is Shape.AREA:
        return (InZone(token.text), at + 1) if is_zone(token.text) else None
    if name := words.zones.get(token.key):
        is_short = token.text.isupper() or token.key in ("utc", "gmt") or reading.has(at + 1, "time")
        return (InZone(name), at + 1 + reading.has(at + 1, "time")) if is_short else None
    place = at + reading.has(at, "in")
    if (name := words.places.get(reading.key(place))) and reading.has(place + 1, "time"):
        return InZone(name), place + 2
    return None


def end_of_day(reading: TimeReading, at: int, lead: Lead) -> Found:
    """`end of day`, `EOD`."""
    return (EndOfDay(), at + 1) if reading.has(at, "eod") else None
