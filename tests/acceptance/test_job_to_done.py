"""A job falls due: it is set off, the task engine does the work, and the record says so."""

from __future__ import annotations

import json

import pytest

from senter.operations.scratch import scratch_daemon, wait_until
from tests.support.daemon import quick_settings, senter, short_home

pytestmark = pytest.mark.process

WANTED = "Remind me to water the plants"


def test_a_job_due_in_five_seconds_is_set_off_its_work_is_done_and_it_is_on_record() -> None:
    with short_home() as home, scratch_daemon(home, quick_settings()):
        added = senter(home, "schedule", "add", "plants", "--in", "5s", "--goal", WANTED, "--json")
        assert added.code == 0, added.all
        job = added.json["job"]
        assert isinstance(job, dict)

        def firings() -> list[dict[str, object]]:
            return json.loads(senter(home, "schedule", "history", "plants", "--json").out)["firings"]

        wait_until(lambda: any(firing["ended_at"] for firing in firings()), "the job was not done", 25)
        (firing,) = firings()
        assert (firing["outcome"], firing["status"], firing["due_at"]) == ("fired", "completed", job["next_run"])
        goals = json.loads(senter(home, "goals", "--all", "--json").out)["goals"]
        assert [(goal["text"], goal["status"]) for goal in goals] == [(WANTED, "completed")]
        shown = senter(home, "schedule", "show", "plants", "--json").json["job"]
        assert isinstance(shown, dict)
        assert (shown["enabled"], shown["run_count"], shown["running"]) == (False, 1, False)
