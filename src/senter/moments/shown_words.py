"""The words by which one language shows moments and recurrences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast


@dataclass(frozen=True)
class ShownWords:
    """What a file says of it in [shown]."""

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
            texts={name: text for name, text in table.items() if isinstance(text, str)},
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
