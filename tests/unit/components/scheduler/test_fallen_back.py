"""After schedule.db fell back, times that were told before are told as the same, and later ones are not held up."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from senter.messages.goals import JobTriggered
from tests.support.falling_back import take_snapshot, wreck
from tests.support.schedule import JobHouse


@pytest.fixture
def house(tmp_path: Path) -> Generator[JobHouse]:
    house = JobHouse(tmp_path)
    yield house
    house.database.close()


def fall_back(house: JobHouse) -> None:
    house.database.close()
    wreck(house.paths, "schedule")
    house.open()


def running(house: JobHouse) -> bool:
    return house.jobs.find("job").view(house.zone).running


def test_times_set_off_or_skipped_again_are_the_same_facts(house: JobHouse) -> None:
    house.add("goal", every_seconds=60, misfire="run_all", overlap=True)
    house.add("reminder", job_type="custom", payload={"reminder": "tea"}, every_seconds=60, misfire="run_all")
    house.add("digest", job_type="digest", every_seconds=60, misfire="run_all")
    house.add("skipped", every_seconds=60)
    take_snapshot(house.paths, "schedule")

    def an_hour() -> list[tuple[str, str]]:
        for _ in range(5):
            house.clock.elapse(60)
            house.decide()
        return [(event.wire_name, one) for one, event in zip(house.told_ids, house.told, strict=True)]

    begin = house.clock.now()
    before = an_hour()
    fall_back(house)
    house.clock.set_wall_time(begin)
    assert an_hour() == before
    assert len(set(before)) == len(before) == 20


def test_the_same_time_skipped_twice_is_two_facts(house: JobHouse) -> None:
    house.add("job", every_seconds=60)
    job = house.jobs.find("job")
    with house.database.transaction() as tx:
        for _ in range(2):
            house.store.skip(tx, job, house.clock.now(), "why not")
    assert len(set(house.told_ids)) == 2


def test_a_run_whose_end_may_have_been_told_before_holds_up_nothing(house: JobHouse) -> None:
    house.add("job", every_seconds=60)
    house.clock.elapse(60)
    house.decide()
    assert running(house)
    take_snapshot(house.paths, "schedule")
    fall_back(house)
    house.event_triggers.forget_runs()
    assert not running(house)
    house.clock.elapse(60)
    house.decide()
    assert [event.due_at for event in house.told if isinstance(event, JobTriggered)] == [
        firing.due_at for firing in house.history() if firing.outcome == "fired"
    ]
    assert len(house.history()) == 2
    assert running(house), "what came due after the fall-back is waited for"


def test_work_told_of_before_a_fall_back_is_not_waited_for(house: JobHouse) -> None:
    house.add("job", every_seconds=60)
    take_snapshot(house.paths, "schedule")
    house.clock.elapse(60)
    house.decide()
    fall_back(house)
    house.event_triggers.forget_runs()
    house.decide()
    assert len(house.told) == 1
    assert not running(house), "its end was told to the file that is gone"
