"""Hours with their minutes, as they are said: `9:30 pm`, `half seven`, `ten past`, `7ish`; and what else numbers count.

Each rule reads at a token and looks at a bounded number of tokens.
"""

from __future__ import annotations

from senter.moments.pieces import ClockTime, ComingMinute, Found, Half
from senter.moments.reading import Lead, TimeReading
from senter.moments.tokens import Shape

MINUTES_SAID = (5, 10, 20, 25)
MINUTE = 60
NEAR_ROAD = 3


def full_clock(reading: TimeReading, at: int) -> tuple[ClockTime, int] | None:
    """`9:30`, `9:30 pm`, `3pm`, `10.30 a.m.`, `5 o'clock`, `7ish`, `17h30`."""
    token = reading.token(at)
    if token is None:
        return None
    is_dotted = token.shape is Shape.PAIR and token.parts[2] == "."
    is_said = bool(half_at(reading, at + 1)) or reading.has(at + 1, "minutes_follow")
    if token.shape is Shape.CLOCK or (is_dotted and is_said):
        hour, minute = int(token.parts[0]), int(token.parts[1])
        second = int(token.parts[2]) if token.shape is Shape.CLOCK else 0
        is_open = 1 <= hour <= 12 and not token.text.startswith("0")
        return (
            _in_half(reading, at + 1, ClockTime(hour, minute, second, is_open)) if hour < 24 and minute < 60 else None
        )
    hour = reading.number(at)
    if hour is None or not 0 <= hour < 24:
        return None
    if reading.is_word(at) and 1 <= hour <= 12 and (said := _minutes_said(reading, at + 1)):
        return _in_half(reading, said[1], ClockTime(hour, said[0], is_open=True, is_spoken=True))
    spoken = ClockTime(hour, is_open=1 <= hour <= 12, is_spoken=True)
    if half_at(reading, at + 1) and 1 <= hour <= 12:
        return _in_half(reading, at + 1, spoken)
    if reading.has(at + 1, "minutes_follow") and (minutes := _minutes_behind(reading, at + 2)):
        return ClockTime(hour, minutes[0], is_open=spoken.is_open, is_spoken=True), minutes[1]
    if reading.has(at + 1, "full_hour"):
        return _in_half(reading, at + 2, spoken)
    dash = at + 1 + (reading.key(at + 1) == "-" and reading.is_glued(at + 1))
    if reading.has(dash, "ish"):
        return spoken, dash + 1
    return None


def _minutes_said(reading: TimeReading, at: int) -> tuple[int, int] | None:
    """Of `two thirty`."""
    found = reading.whole_number(at) if reading.is_word(at) else None
    return found if found and 10 <= found[0] < 60 and not counts(reading, found[1]) else None


def _minutes_behind(reading: TimeReading, at: int) -> tuple[int, int] | None:
    """Of `17 Uhr 30`."""
    found = reading.whole_number(at)
    is_minute = (
        found is not None
        and 0 < found[0] < 60
        and not reading.has(at, "a")
        and not reading.words.is_unit(reading.key(found[1]))
    )
    return found if found and is_minute and not counts(reading, found[1]) else None


def half_at(reading: TimeReading, at: int) -> Half:
    if reading.has(at, "half_letter") and reading.is_glued(at):
        return "am" if reading.key(at) == "a" else "pm"
    return "am" if reading.has(at, "am") else "pm" if reading.has(at, "pm") else ""


def _in_half(reading: TimeReading, at: int, clock: ClockTime) -> tuple[ClockTime, int] | None:
    half = half_at(reading, at)
    if half and not 1 <= clock.hour <= 12:
        return None
    opened = ClockTime(clock.hour, clock.minute, clock.second, is_open=True) if half else clock
    after = at + bool(half)
    return opened.in_half(half), after + reading.has(after, "full_hour")


def hour_at(reading: TimeReading, at: int) -> tuple[ClockTime, int] | None:
    """An hour alone, in digits or as a word."""
    hour = reading.number(at)
    token = reading.token(at)
    if hour is None or token is None or not 0 <= hour < 24 or (token.shape is Shape.WORD and not 1 <= hour <= 12):
        return None
    if token.shape is Shape.NUMBER and len(token.text) > 2:
        return None
    return ClockTime(hour, is_open=1 <= hour <= 12 and not token.text.startswith("0"), is_spoken=True), at + 1


def hour_alone(reading: TimeReading, at: int) -> tuple[ClockTime, int] | None:
    """A clock time that words before it say to be one."""
    return full_clock(reading, at) or _beside_an_hour(reading, at) or hour_at(reading, at)


def _beside_an_hour(reading: TimeReading, at: int) -> tuple[ClockTime, int] | None:
    """`half past six`, `quarter to nine`, `noon`: what no hour alone can be taken for."""
    if (part := reading.words.parts.get(reading.key(at))) in ("noon", "midnight"):
        return ClockTime(12 if part == "noon" else 0), at + 1
    is_begun = any(reading.has(at, role) for role in ("half", "quarter", "three_quarters"))
    is_begun |= reading.has(at + 1, "quarter")
    found = spoken(reading, at, frozenset()) if is_begun else None
    return (found[0], found[1]) if found and isinstance(found[0], ClockTime) else None


def spoken(reading: TimeReading, at: int, lead: Lead) -> Found:
    """`half seven`, `half past five`, `quarter to nine`, `ten past`, `twenty minutes to six`."""
    if reading.has(at, "a") and reading.has(at + 1, "quarter"):
        at += 1
    if reading.has(at, "half"):
        return _half_hour(reading, at + 1)
    if reading.words.inflection.half_is_before and (part := _part_of_hour(reading, at)):
        return part
    minute, after = (15, at + 1) if reading.has(at, "quarter") else reading.whole_number(at) or (0, at)
    is_word = reading.is_word(at)
    if reading.words.seconds.get(reading.key(after)) == MINUTE:
        after += 1
    elif minute != 15 and not ((is_word or "at" in lead) and minute in MINUTES_SAID):
        return None
    if not 1 <= minute <= 29 or lead & {"from", "between"}:
        return None
    if reading.has(after, "past_hour"):
        return _minutes_beside(reading, after + 1, minute, is_alone=minute == 15)
    is_alone = minute == 15 and "at" in lead and reading.has(after, "to_do")
    return _minutes_beside(reading, after + 1, -minute, is_alone=is_alone) if reading.has(after, "to_hour") else None


def _part_of_hour(reading: TimeReading, at: int) -> Found:
    """`dreiviertel neun`, `viertel neun`: so much of the hour that ends then."""
    part = -15 if reading.has(at, "three_quarters") else -45 if reading.has(at, "quarter") else 0
    hour = hour_at(reading, at + 1) if part else None
    is_clear = hour and not counts(reading, hour[1]) and not reading.words.is_unit(reading.key(hour[1]))
    return _minutes_beside(reading, at + 1, part) if is_clear else None


def _half_hour(reading: TimeReading, at: int) -> Found:
    if reading.has(at, "past_hour"):
        return _minutes_beside(reading, at + 1, 30, is_alone=True)
    hour = hour_at(reading, at)
    if hour and hour[0].is_open and not counts(reading, hour[1]) and not reading.words.is_unit(reading.key(hour[1])):
        return _minutes_beside(reading, at, -30 if reading.words.inflection.half_is_before else 30)
    return None


def _minutes_beside(reading: TimeReading, at: int, minutes: int, *, is_alone: bool = False) -> Found:
    """So many minutes after (before) the hour that follows; the coming one where none does and `is_alone`."""
    if reading.words.parts.get(reading.key(at)) in ("noon", "midnight"):
        total = (12 * 60 if reading.words.parts[reading.key(at)] == "noon" else 24 * 60) + minutes
        return ClockTime(total // 60 % 24, total % 60), at + 1
    if reading.words.inflection.half_is_before and reading.has(at, "half"):  # `fünf vor halb neun`
        minutes, at = minutes - 30, at + 1
    found = full_clock(reading, at) or hour_at(reading, at)
    if not found:
        return (ComingMinute(minutes % 60), at) if is_alone else None
    clock, after = found
    if clock.minute or (clock.is_spoken and counts(reading, after)):
        return None
    total = (clock.hour * 60 + minutes) % (24 * 60)
    hour = total // 60
    if clock.is_open:
        hour = (hour - 1) % 12 + 1
    return ClockTime(hour, total % 60, is_open=clock.is_open, is_spoken=clock.is_open), after


def stops(reading: TimeReading, at: int) -> bool:
    """Whether what follows is no thing that a number could count."""
    token = reading.token(at)
    if token is None or (token.shape is Shape.MARK and token.text in ".,;:!?)"):
        return True
    words = reading.words
    key = token.key
    known = (words.parts, words.days, words.weekdays, words.zones)
    return any(key in table for table in known) or bool(
        reading.roles(at) & {"on", "in", "at", "the", "this", "and", "every", "for", "by", "from"}
    )


def counts(reading: TimeReading, at: int) -> bool:
    """Whether the number before this counts something, or is of a road."""
    token = reading.token(at)
    if token is None:
        return False
    if token.shape is Shape.MARK and token.glued and token.text in "%€$£°/":
        return True
    if reading.is_said(at, "counted"):
        return True
    ahead = range(at, at + NEAR_ROAD)
    return token.text[:1].isupper() and any(reading.is_said(near, "roads") for near in ahead)
