"""The daemon is stopped while it answers: what can be finished is, the rest is reported, and nothing is left."""

from __future__ import annotations

import threading
import time

import pytest

from senter.client import Client
from senter.errors import SenterError
from senter.operations.scratch import wait_until
from tests.scripted_model import answering, hanging_midway
from tests.support.daemon import model_server, processes_of, quick_settings, senter, short_home, turns
from tests.support.scratch import ScratchDaemon, scratch_daemon

pytestmark = pytest.mark.process

STOP_SECONDS = 10.0


class Asker(threading.Thread):
    """Asks one question and keeps what came of it."""

    def __init__(self, daemon: ScratchDaemon, name: str) -> None:
        super().__init__()
        self._daemon = daemon
        self._name = name
        self.outcome = ""
        self.start()

    def run(self) -> None:
        try:
            client = Client(self._daemon.paths, reconnect_seconds=1.0)
            self.outcome = client.ask("What is Python?", request_id=self._name)["response"]
        except SenterError as error:
            self.outcome = f"{error.code}: {error.message}"


def test_answers_in_flight_finish_or_are_reported_and_nothing_is_lost_or_left_running() -> None:
    slow = answering("slow ", "but ", "whole", delay_seconds=0.2)
    with short_home() as home, model_server(slow, hanging_midway) as model:
        with scratch_daemon(home, quick_settings(model.url, supervisor={"stop_grace_seconds": 4.0})) as daemon:
            finishing = Asker(daemon, "finishing")
            wait_until(lambda: len(model.asked) == 1, "the first question does not reach the model", 10)
            endless = Asker(daemon, "endless")
            wait_until(lambda: len(model.asked) == 2, "the second question does not reach the model", 10)
            began = time.monotonic()
            stopped = senter(home, "stop")
            assert (stopped.code, stopped.all) == (0, "Senter has stopped.\n")
            assert time.monotonic() - began < STOP_SECONDS
            assert not processes_of(home)
            finishing.join(15)
            endless.join(15)
        assert finishing.outcome == "slow but whole"
        assert endless.outcome.split(":")[0] in ("stopping", "unavailable", "not_running"), endless.outcome

        model.script[:] = [answering("never asked")]
        with scratch_daemon(home) as daemon:
            found = {turn["query_id"]: turn for turn in turns(daemon)}
            assert (found["finishing"]["state"], found["finishing"]["response"]) == ("answered", "slow but whole")
            assert found["endless"]["state"] == "interrupted"
            assert found["endless"]["response"] == "half an "
            assert found["endless"]["error"]
            assert "2/10" not in daemon.lines[0]
            assert "cut off" not in "".join(line.get("text", "") for line in daemon.lines)
