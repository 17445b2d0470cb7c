"""One reminder told each minute, snoozed and done, in a process of its own that says what it was told is so."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

from senter.component.testing import FakeClock
from senter.components.scheduler.job_changes import JobChanges
from senter.messages.schedule import ChangeJob
from tests.support.schedule import JobHouse

MINUTES = 4
SNOOZED_SECONDS = 20


def main(home: Path, begin: datetime) -> None:
    house = JobHouse(home, clock=FakeClock(begin))
    changes = JobChanges(house.store, house.jobs)
    house.add("pills", job_type="custom", payload={"reminder": "pills"}, every_seconds=60)
    for minute in range(1, MINUTES + 1):
        house.clock.elapse((begin + timedelta(minutes=minute) - house.clock.now()).total_seconds())
        house.decide()
        until = house.clock.now() + timedelta(seconds=SNOOZED_SECONDS)
        changes.carry_out(ChangeJob(job="pills", action="snooze", at=until.isoformat(), request_id=f"snooze {minute}"))
        print("snooze", until.isoformat(), flush=True)
        if minute % 2:
            changes.carry_out(ChangeJob(job="pills", action="done", request_id=f"done {minute}"))
            print("done", until.isoformat(), flush=True)
        house.clock.elapse(SNOOZED_SECONDS)
        house.decide()
    house.database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
