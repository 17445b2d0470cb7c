"""The words by which one language shows moments and recurrences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from senter.sentences import ENGLISH, spoken


@dataclass(frozen=True)
class ShownWords:
    """What a file says of it in [shown]; English stands below."""

    weekdays: Sequence[str]
    weekdays_short: Sequence[str]
    months: Sequence[str]
    months_short: Sequence[str]
    every: Mapping[str, str]
    """By the unit."""
    every_other: Mapping[str, str]
    every_nth: Mapping[str, str]
    counted: Mapping[str, str]
    ordinal_endings: Mapping[str, str]
    ordinal_ending: str
    texts: Mapping[str, str]
    """Sentences with places in them."""

    @classmethod
    def of(cls, table: Mapping[str, object]) -> ShownWords:
        """As the file has it."""
        lists, tables = cast("Mapping[str, list[str]]", table), cast("Mapping[str, Mapping[str, str]]", table)
        return cls(
            weekdays=lists["weekdays"],
            weekdays_short=lists["weekdays_short"],
            months=lists["months"],
            months_short=lists["months_short"],
            every=tables["every"],
            every_other=tables["every_other"],
            every_nth=tables["every_nth"],
            counted=tables["counted"],
            ordinal_endings=tables["ordinal_endings"],
            ordinal_ending=str(table["ordinal_ending"]),
            texts={name: text for name, text in table.items() if isinstance(text, str) and name != "ordinal_ending"},
        )

    def say(self, name: str, **slots: object) -> str:
        """A sentence with its places filled."""
        return self.texts[name].format_map(slots)

    def short_day(self, day: date) -> str:
        """`Fri 27 Nov 2026`."""
        weekday, month = self.weekdays_short[day.weekday()], self.months_short[day.month - 1]
        return self.say("day", weekday=weekday, day=day.day, month=month, year=day.year)

    def long_day(self, day: date) -> str:
        """`27 November 2026`."""
        return self.say("long_day", day=day.day, month=self.months[day.month - 1], year=day.year)

    def listed(self, names: Sequence[str]) -> str:
        """`Monday, Tuesday and Friday`."""
        return self.texts["joint"].join(filter(None, [", ".join(names[:-1]), *names[-1:]]))

    def nth(self, number: int) -> str:
        """`1st`, `22nd`, `25th`."""
        is_teen = 10 < number % 100 < 14
        ending = self.ordinal_ending if is_teen else self.ordinal_endings.get(str(number % 10), self.ordinal_ending)
        return f"{number}{ending}"


ENGLISH_WORDS = ShownWords(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    weekdays_short=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    months_short=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    every={
        "minute": "every minute",
        "hour": "every hour",
        "day": "every day",
        "week": "every week",
        "month": "every month",
        "year": "every year",
    },
    every_other={
        "minute": "every 2 minutes",
        "hour": "every 2 hours",
        "day": "every other day",
        "week": "every other week",
        "month": "every other month",
        "year": "every other year",
    },
    every_nth={
        "minute": "every {count} minutes",
        "hour": "every {count} hours",
        "day": "every {count} days",
        "week": "every {count} weeks",
        "month": "every {count} months",
        "year": "every {count} years",
    },
    counted={
        "1": "first",
        "2": "second",
        "3": "third",
        "4": "fourth",
        "5": "fifth",
        "-1": "last",
        "-2": "last but one",
    },
    ordinal_endings={"1": "st", "2": "nd", "3": "rd"},
    ordinal_ending="th",
    texts={
        "day": "{weekday} {day} {month} {year:04d}",
        "long_day": "{day} {month} {year:04d}",
        "clock": "{day}, {clock}",
        "next": "{rule}, next {text}",
        "joint": " and ",
        "at": " at {clocks}",
        "from_to": " from {first} to {last}",
        "on_days": ", {days}",
        "until": ", until {day}",
        "times": ", {count} times",
        "every_weekday": "every weekday",
        "every_names": "every {names}",
        "every_other_names": "every other {names}",
        "every_weeks_on": "every {count} weeks on {names}",
        "every_counted": "every {count} {weekday} of {month}",
        "of_month": "the month",
        "every_weekday_the": "every {weekday} the {number}",
        "on_day_of_month": "on the {number} of each month",
        "on_day_of_months": "on the {number} of every {count} months",
        "on_last_day_of_month": "on the last day of each month",
        "on_last_day_of_months": "on the last day of every {count} months",
        "every_date": "every {day} {month}",
        "every_leap_day": "every 29 February (28th in other years)",
        "every_year_before": "every year {count} days before 1 {month}",
        "every_other_date": "every other {day} {month}",
        "every_nth_date": "every {count} {day} {month}",
        "every_month": "every {month}",
    },
)
"""Here and in no file: commands show moments before they read any words."""


def shown_words() -> ShownWords:
    """Those of the language that is spoken."""
    if spoken() == ENGLISH:
        return ENGLISH_WORDS
    from senter.moments.words import words_of  # reads a file, which most commands need not

    return words_of(spoken()).shown
