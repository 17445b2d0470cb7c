"""A worker is killed: that is found, it is started again, and whoever asks meanwhile or next is answered."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from senter.operations.scratch import wait_until
from tests.scripted_model import answering, hanging_midway
from tests.support.daemon import history, modelled_daemon, others, row, turns

pytestmark = pytest.mark.process


def test_a_killed_worker_is_found_and_restarted_and_the_next_question_is_answered() -> None:
    with modelled_daemon() as (daemon, _):
        untouched = others(daemon, "model_primary")
        killed = daemon.kill("model_primary")
        answer = daemon.client.ask("What is Python?")
        assert answer["response"] == "Hello there"
        daemon.wait_for("model_primary", "running", not_pid=killed)
        assert others(daemon, "model_primary") == untouched

        newest = history(daemon.paths.home, "model_primary")[0]
        assert (newest["reason"], newest["outcome"]) == ("killed by SIGKILL", "restarted")
        assert 0 < (newest["downtime_seconds"] or 0) < 10
        assert row(daemon, "model_primary")["restarts"] == 1


def test_a_question_in_flight_survives_the_death_of_the_worker_that_was_answering_it() -> None:
    with modelled_daemon(hanging_midway, answering("Whole ", "answer")) as (daemon, model):
        answers: list[str] = []
        asking = threading.Thread(target=lambda: answers.append(daemon.client.ask("What is Rust?")["response"]))
        asking.start()
        wait_until(lambda: len(model.asked) == 1, "the model is not asked", 10)
        os.kill(daemon.pid("model_primary"), signal.SIGKILL)
        asking.join(20)
        assert answers == ["Whole answer"]
        assert [(turn["state"], turn["response"]) for turn in turns(daemon)] == [("answered", "Whole answer")]
        assert len(model.asked) == 2
