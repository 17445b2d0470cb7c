"""A daemon that is forked for a test is like one that was started: to the system, and to whoever waits for it."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from senter.errors import StartError
from tests.support import warm_daemons
from tests.support.daemon import ScratchDaemon, processes_of, quick_settings, scratch_daemon, short_home

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif("sys.platform != 'linux'", reason="daemons are forked on Linux only"),
]


def test_it_is_found_by_its_home_and_stops_as_any_other() -> None:
    with short_home() as home, scratch_daemon(home, quick_settings()) as daemon:
        found = processes_of(home)
        assert set(daemon.pids().values()) <= set(found)
        assert Counter("senter.supervisor --progress" in line for line in found.values())[True] == 1
        assert os.getsid(daemon.pids()["supervisor"]) != os.getsid(0)


def test_one_that_cannot_start_says_why_and_is_gone() -> None:
    with short_home() as home:
        daemon = ScratchDaemon(home, "[supervisor]\nheartbeat_seconds = -1\n")
        with pytest.raises(StartError):
            daemon.start()
        assert not processes_of(home)


def test_another_environment_is_started_in_earnest() -> None:
    with short_home() as home:
        paths = ScratchDaemon(home).paths
        assert warm_daemons.start(paths, {**os.environ, "TZ": "Asia/Tokyo"}) is None
        assert warm_daemons.start(paths, os.environ) is not None
