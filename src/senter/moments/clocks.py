"""The rules for clock times and ranges of them.

Each reads at a token, knows the roles of the words before it (`at`, `from`) and looks at a bounded number of tokens.
"""

from __future__ import annotations

from senter.moments.hours import MINUTES_SAID, counts, full_clock, half_at, hour_alone, hour_at, stops
from senter.moments.pieces import ClockRange, ClockTime, Found, Vague
from senter.moments.reading import Lead, TimeReading
from senter.moments.tokens import Shape

POINTS = {"at", "about"}
ENDS = {"by", "before", "until", "from", "since", "after", "between"}
NEAR_VERB = 7


def clock_range(reading: TimeReading, at: int, lead: Lead, *, after_day: bool) -> Found:
    """`from 2 to 4`, `9:00-10:00`, `2-4pm`, `between 9 and 12`; hours alone need words or a day before them."""
    first = hour_alone(reading, at)
    if not first:
        return None
    start, middle = first
    joins = reading.has(middle, "to") or ("between" in lead and reading.has(middle, "and"))
    second = hour_alone(reading, middle + 1) if joins else None
    if not second or counts(reading, second[1]):
        return None
    end, after = second
    is_told = bool(lead & {"from", "between", "at"}) or after_day or _day_follows(reading, after)
    is_told = is_told or not (start.is_spoken and end.is_spoken) or reading.has(after - 1, "minutes_follow")
    if start.is_spoken and end.is_spoken and "at" in lead and start.hour in MINUTES_SAID and not lead & {"from"}:
        return None
    return (ClockRange(start, end), after) if is_told and not _names_it(reading, at, lead) else None


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
    hours = at + 1 + (is_24 and reading.is_said(at + 1, "clock_hours"))
    if "at" in lead and len(token.text) in (3, 4) and not counts(reading, hours):
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
    if token is None or token.shape is not Shape.NUMBER or len(token.text) != 4 or counts(reading, at + 1):
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
    is_hour = half_at(reading, at + 1) or reading.has(at + 1, "minutes_follow")
    if token.shape is Shape.CLOCK or (number is not None and is_hour and "at" in lead):
        after = at + 1 + bool(is_hour)
        said = " ".join(each.text for each in reading.tokens[at:after])
        return Vague(reading.words.problems["no_clock"].format(said=said)), after
    return None


def _alone(reading: TimeReading, at: int, lead: Lead, after_day: bool) -> Found:
    """An hour with nothing but words before or after it to say that it is one: `at 10`, `tomorrow 9`."""
    found = hour_at(reading, at)
    if not found or counts(reading, found[1]):
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
    found = hour_at(reading, at)
    if not found or reading.is_word(at) or not stops(reading, found[1]):
        return None
    return (Vague(), found[1]) if reading.is_whole or not found[0].is_open else found


def _part_follows(reading: TimeReading, at: int) -> bool:
    return reading.key(reading.skip(at, "in", "the")) in reading.words.parts or (
        reading.has(at, "at") and reading.key(at + 1) in reading.words.parts
    )


def _names_it(reading: TimeReading, at: int, lead: Lead) -> bool:
    """Whether the word before says that the number is a name: `room 12:30`."""
    return not lead and reading.is_said(at - 1, "names_number") and reading.shape(at) is not Shape.WORD
