"""Whoever is killed and whatever falls back: nothing arrives twice, and nothing is missing that is not said to be.

No kill is taken for damage.
"""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from tests.support.deliveries import run

pytestmark = [pytest.mark.process, pytest.mark.timeout(1_500)]


@pytest.mark.parametrize(
    ("kills", "fall_backs"),
    [
        pytest.param(6, 3, id="each killed once, and three fall-backs"),
        pytest.param(200, 20, id="two hundred kills and twenty fall-backs", marks=pytest.mark.long),
    ],
)
def test_nothing_is_delivered_twice_and_nothing_is_lost(kills: int, fall_backs: int) -> None:
    tally = run(kills, fall_backs)
    print(json.dumps(asdict(tally), indent=1))
    assert (tally.kills, tally.fall_backs) == (kills, fall_backs)
    assert (tally.damage_found, tally.snapshots_taken_up) == (fall_backs, fall_backs), tally
    assert tally.arrived > 0
    assert (tally.doubled, tally.lost, tally.streams_made_anew, tally.audit) == (0, 0, 0, []), tally
