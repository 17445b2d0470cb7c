"""The rules for clock times, ranges of them, parts of the day and time zones.

Each reads at a token, knows the roles of the words before it (`at`, `from`) and looks at a bounded number of tokens.
"""

from __future__ import annotations

from senter.moments.days import Shifted
from senter.moments.pieces import (
    ClockRange,
    ClockTime,
    ComingMinute,
    EndOfDay,
    Found,
    Half,
    InZone,
    PartOfDay,
    Vague,
)
from senter.moments.reading import Lead, TimeReading
from senter.moments.tokens import Shape
from senter.moments.zones import is_zone

MINUTES_SAID = (5, 10, 20, 25)
POINTS = {"at", "about"}
ENDS = {"by", "before", "until", "from", "since", "after", "between"}
HOURS = ("hours", "hrs")
"""Behind four digits: `at 1900 hours`."""
MINUTE = 60
NEAR_ROAD = 3
NEAR_VERB = 7


def clock_range(reading: TimeReading, at: int, lead: Lead, *, after_day: bool) -> Found:
    """`from 2 to 4`, `9:00-10:00`, `2-4pm`, `between 9 and 12`; hours alone need words or a day before them."""
    first = hour_alone(reading, at)
    if not first:
        return None
    start, middle = first
    joins = reading.has(middle, "to") or ("between" in lead and reading.has(middle, "and"))
    second = hour_alone(reading, middle + 1) if joins else None
    if not second or _counts(reading, second[1]):
        return None
    end, after = second
    is_told = bool(lead & {"from", "between", "at"}) or after_day or _day_follows(reading, after)
    is_told = is_told or not (start.is_spoken and end.is_spoken)
    if start.is_spoken and end.is_spoken and "at" in lead and start.hour in MINUTES_SAID and not lead & {"from"}:
        return None
    return (ClockRange(start, end), after) if is_told and not _names_it(reading, at, lead) else None


def hour_alone(reading: TimeReading, at: int) -> tuple[ClockTime, int] | None:
    """A clock time that words before it say to be one."""
    return full_clock(reading, at) or _beside_an_hour(reading, at) or _hour(reading, at)


def _beside_an_hour(reading: TimeReading, at: int) -> tuple[ClockTime, int] | None:
    """`half past six`, `quarter to nine`, `noon`: what no hour alone can be taken for."""
    if (part := reading.words.parts.get(reading.key(at))) in ("noon", "midnight"):
        return ClockTime(12 if part == "noon" else 0), at + 1
    is_begun = reading.has(at, "half") or reading.has(at, "quarter") or reading.has(at + 1, "quarter")
    found = spoken(reading, at, frozenset()) if is_begun else None
    return (found[0], found[1]) if found and isinstance(found[0], ClockTime) else None


def _day_follows(reading: TimeReading, at: int) -> bool:
    """`9 to 11 on Monday`."""
    words, key = reading.words, reading.key(reading.skip(at, "on"))
    return key in words.weekdays or key in words.days or key in words.each_weekday


def clock(reading: TimeReading, at: int, lead: Lead, *, after_day: bool, after_hint: bool, after_time: bool) -> Found:
    """A clock time, however it is said. `after_hint`: after words for a day that leave a number open: `friday 9`;
    `after_time`: after any other word of time: `daily 0730`."""
    if _names_it(reading, at, lead):
        return None
    found = full_clock(reading, at) or _compact(reading, at, lead, after_day) or _four_digits(reading, at, after_time)
    found = found or _impossible(reading, at, lead, after_day) or _alone(reading, at, lead, after_day)
    return found or (_open_number(reading, at) if after_hint and not lead else None)


def full_clock(reading: TimeReading, at: int) -> tuple[ClockTime, int] | None:
    """`9:30`, `9:30 pm`, `3pm`, `10.30 a.m.`, `5 o'clock`, `7ish`, `17h30`."""
    token = reading.token(at)
    if token is None:
        return None
    if token.shape is Shape.CLOCK or (token.shape is Shape.PAIR and _half(reading, at + 1) and token.parts[2] == "."):
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
    if _half(reading, at + 1) and 1 <= hour <= 12:
        return _in_half(reading, at + 1, spoken)
    if reading.has(at + 1, "full_hour"):
        return _in_half(reading, at + 2, spoken)
    dash = at + 1 + (reading.key(at + 1) == "-" and reading.is_glued(at + 1))
    if reading.has(dash, "ish"):
        return spoken, dash + 1
    return None


def _minutes_said(reading: TimeReading, at: int) -> tuple[int, int] | None:
    """Of `two thirty`."""
    found = reading.whole_number(at) if reading.is_word(at) else None
    return found if found and 10 <= found[0] < 60 and not _counts(reading, found[1]) else None


def _half(reading: TimeReading, at: int) -> Half:
    if reading.has(at, "half_letter") and reading.is_glued(at):
        return "am" if reading.key(at) == "a" else "pm"
    return "am" if reading.has(at, "am") else "pm" if reading.has(at, "pm") else ""


def _in_half(reading: TimeReading, at: int, clock: ClockTime) -> tuple[ClockTime, int] | None:
    half = _half(reading, at)
    if half and not 1 <= clock.hour <= 12:
        return None
    opened = ClockTime(clock.hour, clock.minute, clock.second, is_open=True) if half else clock
    after = at + bool(half)
    return opened.in_half(half), after + reading.has(after, "full_hour")


def _hour(reading: TimeReading, at: int) -> tuple[ClockTime, int] | None:
    """An hour alone, in digits or as a word."""
    hour = reading.number(at)
    token = reading.token(at)
    if hour is None or token is None or not 0 <= hour < 24 or (token.shape is Shape.WORD and not 1 <= hour <= 12):
        return None
    if token.shape is Shape.NUMBER and len(token.text) > 2:
        return None
    return ClockTime(hour, is_open=1 <= hour <= 12 and not token.text.startswith("0"), is_spoken=True), at + 1


def spoken(reading: TimeReading, at: int, lead: Lead) -> Found:
    """`half seven`, `half past five`, `quarter to nine`, `ten past`, `twenty minutes to six`."""
    if reading.has(at, "a") and reading.has(at + 1, "quarter"):
        at += 1
    if reading.has(at, "half"):
        return _half_hour(reading, at + 1)
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


def _half_hour(reading: TimeReading, at: int) -> Found:
    if reading.has(at, "past_hour"):
        return _minutes_beside(reading, at + 1, 30, is_alone=True)
    hour = _hour(reading, at)
    if hour and hour[0].is_open and not _counts(reading, hour[1]) and not reading.words.is_unit(reading.key(hour[1])):
        return _minutes_beside(reading, at, 30)
    return None


def _minutes_beside(reading: TimeReading, at: int, minutes: int, *, is_alone: bool = False) -> Found:
    """So many minutes after (before) the hour that follows; the coming one where none does and `is_alone`."""
    if reading.words.parts.get(reading.key(at)) in ("noon", "midnight"):
        total = (12 * 60 if reading.words.parts[reading.key(at)] == "noon" else 24 * 60) + minutes
        return ClockTime(total // 60 % 24, total % 60), at + 1
    found = full_clock(reading, at) or _hour(reading, at)
    if not found:
        return (ComingMinute(minutes % 60), at) if is_alone else None
    clock, after = found
    if clock.minute or (clock.is_spoken and _counts(reading, after)):
        return None
    total = (clock.hour * 60 + minutes) % (24 * 60)
    hour = total // 60
    if clock.is_open:
        hour = (hour - 1) % 12 + 1
    return ClockTime(hour, total % 60, is_open=clock.is_open, is_spoken=clock.is_open), after


def _compact(reading: TimeReading, at: int, lead: Lead, after_day: bool) -> Found:
    """`17h`, `8h30`, `at 630`, `at 10.30`: with words before them where they may be something else."""
    token = reading.token(at)
    if token is None:
        return None
    is_told = bool(lead & (POINTS | {"by", "from"})) or after_day or reading.is_whole
    if token.shape is Shape.PAIR and may_be_clock(reading, at) and _is_dotted_clock(reading, at, lead, after_day):
        return _written(int(token.parts[0]), int(token.parts[1]), at + 1)
    if token.shape is not Shape.NUMBER:
        return None
    number = int(token.text)
    if reading.has(at + 1, "hour_letter") and reading.is_glued(at + 1) and len(token.text) <= 2:
        minutes = reading.digits(at + 2) if reading.is_glued(at + 2) else None
        if is_told or 13 <= number < 24 or minutes is not None:
            return _written(number, minutes or 0, at + 2 + (minutes is not None), is_24=True)
    is_24 = len(token.text) == 4
    hours = at + 1 + (is_24 and reading.key(at + 1) in HOURS)
    if "at" in lead and len(token.text) in (3, 4) and not _counts(reading, hours):
        return _written(number // 100, number % 100, hours, is_24=is_24)
    return None


def may_be_clock(reading: TimeReading, at: int) -> bool:
    """Whether two numbers with a dot between them can be a clock time: `7.15`."""
    hour, minute, mark = reading.tokens[at].parts
    return mark == "." and len(minute) == 2 and int(hour) < 24 and int(minute) < 60


def _is_dotted_clock(reading: TimeReading, at: int, lead: Lead, after_day: bool) -> bool:
    """`at 10.30`, `tomorrow 10.30`, `for 7.15 tomorrow`."""
    is_beside = "at" in lead or (after_day and not reading.is_whole)
    return is_beside or (bool(lead & (ENDS | {"for"})) and _day_follows(reading, at + 1))


def _four_digits(reading: TimeReading, at: int, after_time: bool) -> Found:
    """`friday 1100`, `daily 0730`, `0515 tomorrow`, `remind 0600`: beside words of time, or with a leading zero."""
    token = reading.token(at)
    if token is None or token.shape is not Shape.NUMBER or len(token.text) != 4 or _counts(reading, at + 1):
        return None
    is_24 = token.text.startswith("0") and (stops(reading, at + 1) or reading.is_said(at - 1, "rings"))
    is_round = token.text.endswith(("0", "5"))
    if not (is_24 or (is_round and (after_time or _day_follows(reading, at + 1)))):
        return None
    return _written(int(token.text[:2]), int(token.text[2:]), at + 1, is_24=True)


def _written(hour: int, minute: int, after: int, *, is_24: bool = False) -> Found:
    if hour > 23 or minute > 59:
        return None
    return ClockTime(hour, minute, is_open=1 <= hour <= 12 and not is_24), after


def _impossible(reading: TimeReading, at: int, lead: Lead, after_day: bool) -> Found:
    """What is written as a time of day and is none: `25:00`, `13pm`."""
    token = reading.token(at)
    if token is None or not (lead or after_day or reading.is_whole):
        return None
    number = reading.digits(at)
    if token.shape is Shape.CLOCK or (number is not None and _half(reading, at + 1) and "at" in lead):
        after = at + 1 + bool(_half(reading, at + 1))
        said = " ".join(each.text for each in reading.tokens[at:after])
        return Vague(f'Cannot read "{said}" as a time of day.'), after
    return None


def _alone(reading: TimeReading, at: int, lead: Lead, after_day: bool) -> Found:
    """An hour with nothing but words before or after it to say that it is one: `at 10`, `tomorrow 9`."""
    found = _hour(reading, at)
    if not found or _counts(reading, found[1]):
        return None
    hour, after = found
    if lead & POINTS and reading.has(after, "and") and reading.has(after + 1, "half"):
        half = ClockTime(hour.hour, 30, is_open=hour.is_open, is_spoken=True)
        return (half, after + 2) if not reading.words.is_unit(reading.key(after + 2)) else None
    if lead & POINTS:
        is_clear = "at" in lead and not reading.has(at, "one")
        return found if is_clear or stops(reading, after) or _goes_on(reading, after) else None
    if lead & ENDS:
        return found if stops(reading, after) or _goes_on(reading, after) else None
    if ("for" in lead and reading.words.near.get(reading.key(at - 2)) == "morning") or (
        not lead and _is_moved_to(reading, at)
    ):
        return found if stops(reading, after) else None
    if reading.is_word(at):
        return None
    if after_day and not lead:
        return found if stops(reading, after) or _goes_on(reading, after) else None
    return found if hour.is_open and not lead and _part_follows(reading, after) else None


def _goes_on(reading: TimeReading, at: int) -> bool:
    """`until five to finish`."""
    return reading.has(at, "to_do") and reading.is_word(at + 1) and reading.number(at + 1) is None


def _is_moved_to(reading: TimeReading, at: int) -> bool:
    """`move it to 5`."""
    near = range(max(0, at - NEAR_VERB), at - 1)
    return reading.has(at - 1, "to") and any(reading.is_said(place, "moves") for place in near)


def _open_number(reading: TimeReading, at: int) -> Found:
    """`friday 9` is nine o'clock in a sentence; where a moment is asked for it may be the day as well."""
    found = _hour(reading, at)
    if not found or reading.is_word(at) or not stops(reading, found[1]):
        return None
    return (Vague(), found[1]) if reading.is_whole or not found[0].is_open else found


def _part_follows(reading: TimeReading, at: int) -> bool:
    return reading.key(reading.skip(at, "in", "the")) in reading.words.parts or (
        reading.has(at, "at") and reading.key(at + 1) in reading.words.parts
    )


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


def _counts(reading: TimeReading, at: int) -> bool:
    """Whether the number before this counts something, or is of a road."""
    token = reading.token(at)
    if token is None:
        return False
    if token.shape is Shape.MARK and token.glued and token.text in "%€$£°/":
        return True
    if reading.is_said(at, "counted") and not (reading.has(at, "per") and reading.key(at) != "per"):
        return True
    ahead = range(at, at + NEAR_ROAD)
    return token.text[:1].isupper() and any(reading.is_said(near, "roads") for near in ahead)


def _names_it(reading: TimeReading, at: int, lead: Lead) -> bool:
    """Whether the word before says that the number is a name: `room 12:30`."""
    return not lead and reading.is_said(at - 1, "names_number") and reading.shape(at) is not Shape.WORD


def part_of_day(reading: TimeReading, at: int, lead: Lead, *, after_piece: bool) -> Found:
    """`morning`, `tonight`, `noon`; alone a morning is no time, but `in the morning` and `tomorrow morning` are."""
    name = reading.words.parts.get(reading.key(at))
    if after_piece and not lead and _half(reading, at):
        return PartOfDay("morning" if _half(reading, at) == "am" else "afternoon"), at + 1
    if name is None:
        return None
    if name in ("noon", "midnight"):
        return ClockTime(12 if name == "noon" else 0), at + 1
    is_told = (
        name == "tonight"
        or " " in reading.key(at)
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
    if (name := words.places.get(reading.key(place))) and reading.key(place + 1) == "time":
        return InZone(name), place + 2
    return None


def end_of_day(reading: TimeReading, at: int, lead: Lead) -> Found:
    """`end of day`, `EOD`."""
    return (EndOfDay(), at + 1) if reading.has(at, "eod") else None
