"""The task engine stays a house of few floors. What may import what is in pyproject.toml."""

from __future__ import annotations

from graphlib import CycleError

import pytest

from tests.support.rooms import TASK_ENGINE, floors, rooms

MOST_ROOMS = 12
MOST_FLOORS = 6


def test_few_rooms_on_few_floors_and_none_in_a_circle() -> None:
    found = rooms(TASK_ENGINE)
    assert len(found) <= MOST_ROOMS
    assert max(floors(found).values()) <= MOST_FLOORS


def test_a_circle_is_noticed() -> None:
    with pytest.raises(CycleError):
        floors({"journal": {"engine"}, "engine": {"journal"}})
