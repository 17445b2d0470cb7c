from __future__ import annotations

import pytest

from senter.moments.zones_of_places import zone_of_place


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
        ("utc", "UTC"),
        ("Mars", None),
        ("", None),
    ],
)
def test_a_place_has_the_zone_that_people_there_go_by(place: str, zone: str | None) -> None:
    assert zone_of_place(place) == zone
