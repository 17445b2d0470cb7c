"""What comes again and is moved to another day or time, from then on."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from pydantic import JsonValue

from senter.components.task_engine.tools.job_changing import at_time
from senter.messages.schedule import JobType, JobView, Misfire, TriggerType

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY, WEDNESDAY, SATURDAY = date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 5)
FIRST = "2026-12-01T07:30:00+01:00"


def series(trigger_type: TriggerType, config: dict[str, JsonValue]) -> JobView:
    return JobView(
        id=4,
        name="remind: bins (ab12)",
        job_type=JobType.CUSTOM,
        component="reporter",
        trigger_type=trigger_type,
        trigger_config={"zone": "", **config},
        trigger="",
        payload={"reminder": "bins"},
        enabled=True,
        running=False,
        next_run=datetime.fromisoformat(FIRST).astimezone(UTC),
        run_count=0,
        created_at=datetime(2026, 11, 30, tzinfo=UTC),
        misfire=Misfire.RUN_ONCE,
        grace_seconds=60,
        overlap=False,
        only_when_idle=False,
        daily_limit=None,
        built_in=False,
    )


@pytest.mark.parametrize(
    ("cron", "on", "becomes"),
    [
        ("30 7 * * 2", WEDNESDAY, "0 9 * * 3"),
        ("30 7 * * 2", TUESDAY, "0 9 * * 2"),
        ("30 7 * * *", SATURDAY, "0 9 * * *"),
        ("30 7 * * 1-5", WEDNESDAY, "0 9 * * 1-5"),
        ("30 7 * * 1-5", SATURDAY, None),
        ("30 7 1 * *", TUESDAY, "0 9 1 * *"),
        ("30 7 1 * *", WEDNESDAY, None),
        ("30 7,19 * * 2", WEDNESDAY, None),
    ],
)
def test_one_day_of_the_week_becomes_the_other_and_no_other_day_is_claimed(
    cron: str, on: date, becomes: str | None
) -> None:
    moved = at_time(series(TriggerType.CRON, {"cron": cron}), time(9), on=on, zone=BERLIN)

    assert (moved and moved["cron"]) == becomes


@pytest.mark.parametrize(
    ("rule", "on", "becomes", "first"),
    [
        (
            "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            WEDNESDAY,
            "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
            "2026-12-02T09:00:00+01:00",
        ),
        ("RRULE:FREQ=DAILY;INTERVAL=3", TUESDAY, "RRULE:FREQ=DAILY;INTERVAL=3", "2026-12-01T09:00:00+01:00"),
        ("RRULE:FREQ=DAILY;INTERVAL=3", WEDNESDAY, None, None),
        ("RRULE:FREQ=MONTHLY;BYDAY=1TU", WEDNESDAY, None, None),
    ],
)
def test_a_rule_is_moved_with_its_first_time(rule: str, on: date, becomes: str | None, first: str | None) -> None:
    job = series(TriggerType.RECURRENCE, {"rrule": rule, "first": FIRST})

    moved = at_time(job, time(9), on=on, zone=BERLIN)

    assert (moved and (moved["recurrence"], moved["at"])) == (becomes and (becomes, first))
