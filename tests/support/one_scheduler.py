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
    each_minute = {"recurrence": "RRULE:FREQ=MINUTELY", "at": begin.isoformat()}
    for number in range(JOBS):
        trigger = {"every_seconds": 60} if number else each_minute
        house.add(f"job {number}", misfire="run_all", overlap=True, **trigger)
    for _ in range(MINUTES):
        house.clock.elapse(60)
        house.decide()
    house.database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
