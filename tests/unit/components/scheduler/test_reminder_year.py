"""Reminders, snoozed and done, against the same days worked out the plain way; `bin/bench reminders` takes all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.reminder_lives import ZONES, compare_lives

ALL = [pytest.param(zone, 366, marks=[pytest.mark.long, pytest.mark.timeout(600)]) for zone in ZONES]


@pytest.mark.parametrize(("zone", "days"), [("Australia/Lord_Howe", 36), *ALL])
def test_every_telling_comes_once_whatever_is_snoozed_slept_through_or_interrupted(
    tmp_path: Path, zone: str, days: int
) -> None:
    found = compare_lives(tmp_path, zone, days, seed=1)
    assert (found.missed.total(), found.doubled.total()) == (0, 0)
    assert (found.misread, found.untold) == (0, 0)
    assert found.told > 9 * days
    assert found.snoozed > 3 * days
    assert found.left_out > days // 12
