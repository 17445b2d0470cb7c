"""Jobs decided minute by minute in a process of its own, from wherever the process before it was killed."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from senter.component.testing import FakeClock
from tests.support.schedule import JobHouse

MINUTES = 4
JOBS = 3


def main(home: Path, begin: datetime) -> None:
    house = JobHouse(home, clock=FakeClock(begin))
    for number in range(JOBS):
        house.add(f"job {number}", every_seconds=60, misfire="run_all", overlap=True)
    for _ in range(MINUTES):
        house.clock.elapse(60)
        house.decide()
    house.database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
