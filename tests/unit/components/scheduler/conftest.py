from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.schedule import JobHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[JobHouse]:
    made = JobHouse(tmp_path)
    yield made
    made.database.close()
