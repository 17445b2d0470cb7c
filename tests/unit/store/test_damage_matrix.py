"""Each database of a home, harmed in each way. The figure `database_damage` tries more rows and more chances."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.components.specs import SPECS
from tests.support.database_damage import HARMS, make, try_out

OWNERS = {**{spec.database: spec.package for spec in SPECS if spec.database}, "supervisor": "senter.supervisor"}
ROWS = 60


@pytest.fixture(scope="module", params=OWNERS)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    name = str(request.param)
    path = tmp_path_factory.mktemp(name) / f"{name}.db"
    make(path, OWNERS[name], ROWS)
    return path


@pytest.mark.parametrize("harm", HARMS)
def test_no_row_is_lost_without_a_word_and_none_that_can_be_read(whole: Path, harm: str, tmp_path: Path) -> None:
    for file in whole.parent.rglob("*"):
        target = tmp_path / file.relative_to(whole.parent)
        if file.is_file():
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(file.read_bytes())
    outcome = try_out(tmp_path / whole.name, OWNERS[whole.stem], HARMS[harm], seed=1)
    assert outcome.lost_without_a_word == 0, outcome
    assert outcome.readable_not_saved == 0, outcome
    assert outcome.after >= outcome.before * 3 // 4, outcome
