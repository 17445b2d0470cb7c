"""The time zone of a place as people name it: `berlin`, `New York`, `europe/london`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from unicodedata import combining, normalize
from zoneinfo import available_timezones

from senter.moments.words import words_of

NEAR = 0.82
"""Of difflib: two letters changed round in a word of six are still near."""


def zone_of_place(text: str) -> str | None:
    """The name of its zone; none where no such place is known."""
    sought = _plain(text)
    return next((name for place, name in _places() if place == sought), None)


def near_zone(text: str) -> str | None:
    """The zone of the place that is spelled nearly like this; none where nothing is near."""
    from difflib import get_close_matches

    places = dict(_places())
    close = get_close_matches(_plain(text), places, n=1, cutoff=NEAR)
    return places[close[0]] if close else None


def _places() -> Iterator[tuple[str, str]]:
    """The names of zones first, then the places in the word lists, then cities that have given a zone its name, then
    countries and other cities."""
    names = sorted(available_timezones())
    yield from ((_plain(name), name) for name in names)
    for file in sorted(files("senter.moments").joinpath("languages").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield from ((_plain(place), name) for place, name in words_of(file.name[:-5]).places.items())
    yield from ((_plain(name.rpartition("/")[2]), name) for name in names if "/" in name)
    cities: dict[str, str] = tomllib.loads(files("senter.moments").joinpath("cities.toml").read_text(encoding="utf-8"))
    yield from ((_plain(place), name) for name, places in cities.items() for place in places.split(","))


def _plain(text: str) -> str:
    """Without case, marks above letters, and the difference between spaces and underscores."""
    letters = (letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))
    return " ".join("".join(letters).replace("_", " ").split())
