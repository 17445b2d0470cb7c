from __future__ import annotations

import tomllib
from importlib.resources import files
from zoneinfo import available_timezones

import pytest

from senter.moments.zones_of_places import near_zone, zone_of_place


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("berlin", "Europe/Berlin"),
        ("  New  York ", "America/New_York"),
        ("europe/london", "Europe/London"),
        ("Munich", "Europe/Berlin"),
        ("Zürich", "Europe/Zurich"),
        ("São Paulo", "America/Sao_Paulo"),
        ("istanbul", "Europe/Istanbul"),
        ("kathmandu", "Asia/Kathmandu"),
        ("Köln", "Europe/Berlin"),
        ("Leipzig", "Europe/Berlin"),
        ("Österreich", "Europe/Vienna"),
        ("San Diego", "America/Los_Angeles"),
        ("Delhi", "Asia/Kolkata"),
        ("utc", "UTC"),
        ("Mars", None),
        ("", None),
    ],
)
def test_a_place_has_the_zone_that_people_there_go_by(place: str, zone: str | None) -> None:
    assert zone_of_place(place) == zone


@pytest.mark.parametrize(
    ("place", "zone"),
    [("Berlni", "Europe/Berlin"), ("Hambrug", "Europe/Berlin"), ("New Yrok", "America/New_York"), ("Mordor", None)],
)
def test_a_place_that_is_misspelled_is_guessed(place: str, zone: str | None) -> None:
    assert near_zone(place) == zone


def test_every_city_has_a_zone_that_there_is() -> None:
    cities = tomllib.loads(files("senter.moments").joinpath("cities.toml").read_text(encoding="utf-8"))
    assert set(cities) <= available_timezones()
    named = [place.strip() for places in cities.values() for place in places.split(",")]
    assert len(named) == len(set(named))
