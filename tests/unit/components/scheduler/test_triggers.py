from __future__ import annotations

import importlib
import pkgutil
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, TypeAdapter, ValidationError

import senter.messages
from senter.components.scheduler.cron import Cron
from senter.components.scheduler.spec import EVENTS
from senter.components.scheduler.triggers import Interval, asked_for, in_words, stored, trigger_type
from senter.errors import InvalidInput
from senter.messages.audit_heads import AuditGrew
from senter.messages.goals import JobTriggered
from senter.messages.message import Event
from senter.messages.reports import DigestRequested, DigestTimeSet
from senter.messages.schedule import AddJob, JobChanged

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
CONFIG: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


def asking(**asked: object) -> AddJob:
    return AddJob.model_validate({"request_id": "r", "name": "n", **asked})


@pytest.mark.parametrize(
    ("asked", "words", "due"),
    [
        ({}, "every hour", NOW + timedelta(hours=1)),
        ({"every_seconds": 90}, "every 90 seconds", NOW + timedelta(seconds=90)),
        ({"every_seconds": 172_800}, "every 2 days", NOW + timedelta(days=2)),
        ({"in_seconds": 5}, "once, Sat 21 Nov 2026, 10:00, Europe/London", NOW + timedelta(seconds=5)),
        ({"at": "tomorrow 9:00"}, "once, Sun 22 Nov 2026, 09:00, Europe/London", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ({"cron": "0  8 * * mon-fri"}, "every weekday at 08:00", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        (
            {"cron": "0 8 * * *", "zone": "America/New_York"},
            "every day at 08:00 (America/New_York)",
            datetime(2026, 11, 21, 13, tzinfo=UTC),
        ),
        (
            {"event": "task_complete", "where": {"status": "failed"}},
            "on task_complete where status=failed",
            None,
        ),
    ],
)
def test_what_is_asked_for_is_stored_and_found_again(
    asked: dict[str, object], words: str, due: datetime | None
) -> None:
    trigger, config = asked_for(asking(**asked), NOW, LONDON)
    again = stored(trigger_type(trigger), CONFIG.validate_json(CONFIG.dump_json(config)), LONDON)
    assert again == trigger
    assert in_words(trigger, LONDON) == words
    assert trigger.next_after(NOW) == due


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"at": "2020-01-01"}, "is not in the future"),
        ({"at": "gibberish"}, "as a time."),
        ({"in_seconds": 0}, "at least 1 s"),
        ({"in_seconds": 1e-9}, "at least 1 s"),
        ({"in_seconds": 3.2e9}, "at most 100 years"),
        ({"every_seconds": 0}, "at least 1 s"),
        ({"every_seconds": 3.19e9}, "at most 100 years"),
        ({"every_seconds": 60, "cron": "* * * * *"}, "names several"),
        ({"where": {"status": "failed"}}, "A filter goes with an event"),
        ({"zone": "Europe/London"}, "A time zone goes with a cron expression"),
        ({"cron": "* * * * *", "zone": "Europe/Atlantis"}, "Unknown time zone 'Europe/Atlantis'"),
        ({"cron": "* * * * *", "zone": ""}, "Unknown time zone ''"),
        ({"cron": "61 * * * *"}, 'The minute "61"'),
        ({"cron": ""}, "has 0 fields"),
        ({"at": ""}, "as a time."),
        ({"event": "", "every_seconds": 60}, "names several"),
        ({"zone": ""}, "A time zone goes with a cron expression"),
    ],
)
def test_what_cannot_be_a_trigger_is_refused_with_a_sentence(asked: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked_for(asking(**asked), NOW, LONDON)
    assert says in refused.value.message
    assert refused.value.hint


def test_a_time_before_now_is_no_message() -> None:
    with pytest.raises(ValidationError) as refused:
        asking(in_seconds=-1)
    assert refused.value.errors()[0]["loc"] == ("in_seconds",)


@given(
    seconds=st.floats(1, 1e6),
    anchor=st.integers(-10_000_000, 10_000_000).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    moment=st.integers(-10_000_000, 10_000_000).map(lambda seconds: NOW + timedelta(seconds=seconds)),
)
def test_an_interval_keeps_its_beat_wherever_one_looks_from(seconds: float, anchor: datetime, moment: datetime) -> None:
    interval = Interval(seconds, anchor)
    following, step = interval.next_after(moment), timedelta(seconds=seconds)
    assert moment < following <= moment + step
    assert (following - anchor) % step == timedelta()


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;COUNT=3", "COUNT=3;FREQ=MONTHLY", "FREQ=DAILY;BYHOUR=0,12;COUNT=3"])
def test_of_so_many_times_without_a_day_none_has_passed(rule: str) -> None:
    late = NOW.replace(hour=22)
    trigger, _ = asked_for(asking(recurrence=f"RRULE:{rule}"), late, LONDON)
    times, moment = list[datetime](), late
    while following := trigger.next_after(moment):
        times.append(moment := following)
    assert len(times) == 3


def test_a_cron_job_without_a_zone_follows_the_users() -> None:
    _, config = asked_for(asking(cron="0 9 * * *"), NOW, LONDON)
    assert stored("cron", config, ZoneInfo("America/New_York")) == Cron("0 9 * * *", ZoneInfo("America/New_York"))


def test_jobs_can_wait_for_every_durable_event_that_others_tell_of() -> None:
    for module in pkgutil.iter_modules(senter.messages.__path__):
        importlib.import_module(f"senter.messages.{module.name}")
    own = {JobTriggered, JobChanged, DigestRequested, DigestTimeSet, AuditGrew}
    assert {event for event in Event.__subclasses__() if event.__module__.startswith("senter.")} - own == set(EVENTS)
