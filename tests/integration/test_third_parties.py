"""What other people's components may do to a daemon: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemon import Section, quick_settings, row, senter, short_home
from tests.support.scratch import scratch_daemon
from tests.support.troupe import installed

pytestmark = pytest.mark.process

LIMITS: Section = {"fast_limit": 2, "heartbeat_seconds": 0.2}


@pytest.fixture
def home() -> Iterator[Path]:
    with short_home() as folder:
        yield folder


def test_one_that_cannot_be_imported_is_left_out_with_a_warning_and_its_settings_are_kept(home: Path) -> None:
    environment = installed(home, "broken", "witness")
    settings = quick_settings(broken={"anything": 1})
    with scratch_daemon(home, settings, environment) as daemon:
        [warning] = [line for line in daemon.lines if "broken" in line.get("text", "")]
        assert warning.get("status") == "warn"
        assert "RuntimeError: this plug-in is broken" in warning.get("text", "")
        assert daemon.component("witness")["state"] == "running"
        assert senter(home, "config", "check", environment=environment).code == 0


def test_one_whose_code_cannot_be_imported_is_given_up_alone_and_status_says_why(home: Path) -> None:
    environment = installed(home, "hollow")
    with scratch_daemon(home, quick_settings(supervisor=LIMITS), environment) as daemon:
        daemon.wait_for("hollow", "stopped_by_repeated_failure")
        assert "this plug-in is broken" in row(daemon, "hollow")["reason"]
        assert daemon.component("assistant")["state"] == "running"
        assert daemon.component("zygote")["restarts"] == 0
        assert any("its look at the settings failed" in line.get("text", "") for line in daemon.lines)
