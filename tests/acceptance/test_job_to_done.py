"""A job falls due: it runs, the task engine receives it, the work is done, and the reporter lists it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from senter.operations.scratch import wait_until
from tests.support.daemon import quick_settings, senter, short_home
from tests.support.scratch import scratch_daemon

pytestmark = pytest.mark.process

WANTED = "Note that the plants want water"


def test_a_job_due_in_five_seconds_is_set_off_its_work_is_done_and_the_reporter_lists_it() -> None:
    with short_home() as home, scratch_daemon(home, quick_settings()):
        added = senter(home, "schedule", "add", "plants", "--in", "5s", "--goal", WANTED, "--json")
        assert added.code == 0, added.all
        for name in ("api", "nobody"):
            chores = ("schedule", "add", f"chores of {name}", "--in", "1s", "--type", "custom", "--component", name)
            assert senter(home, *chores).code == 2  # refused at once: it could never be done
        job = added.json["job"]
        assert isinstance(job, dict)

        def firings(job: str) -> list[dict[str, object]]:
            return json.loads(senter(home, "schedule", "history", job, "--json").out)["firings"]

        wait_until(lambda: any(firing["ended_at"] for firing in firings("plants")), "the job was not done", 25)
        (firing,) = firings("plants")
        late = moment(firing["at"]) - moment(firing["due_at"])
        assert timedelta() <= late < timedelta(seconds=2)
        assert (firing["outcome"], firing["status"], firing["due_at"]) == ("fired", "completed", job["next_run"])
        goals = json.loads(senter(home, "goals", "--all", "--json").out)["goals"]
        assert [(goal["text"], goal["status"]) for goal in goals] == [(WANTED, "completed")]
        shown = senter(home, "schedule", "show", "plants", "--json").json["job"]
        assert isinstance(shown, dict)
        assert (shown["enabled"], shown["run_count"], shown["running"]) == (False, 1, False)

        def listed() -> set[str]:
            activities = json.loads(senter(home, "progress", "--json").out)["activities"]
            return {activity["summary"] for activity in activities}

        def is_told(summary: str) -> bool:
            return summary.startswith("Note ") and ": the plants want water, in " in summary

        wait_until(lambda: any(map(is_told, listed())), "the reporter does not list it", 10)
        assert f"Created plan for: {WANTED}" in listed()
        asked = senter(home, "digest", "--json")
        assert ": the plants want water, in " in " ".join(str(asked.json["summary"]).split()), asked.all


def moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text)).astimezone(UTC)
