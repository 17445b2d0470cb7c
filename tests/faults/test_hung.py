"""A process that is stopped, not dead, is found by its silence and replaced; no sentence makes one silent."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from senter.client.types import GoalReply
from senter.operations.scratch import wait_until
from tests.support.daemon import Modelled, history, modelled_daemon, others

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def modelled() -> Iterator[Modelled]:
    with modelled_daemon(supervisor={"hung_after_seconds": 5.0}) as running:
        yield running


@pytest.mark.parametrize("name", ["api", "assistant", "model_primary", "model_research", "nats-server", "zygote"])
def test_a_stopped_process_is_found_hung_and_replaced(modelled: Modelled, name: str) -> None:
    daemon, _ = modelled
    untouched = others(daemon, name)
    stopped = daemon.kill(name, signal.SIGSTOP)
    daemon.wait_for(name, "running", not_pid=stopped)
    assert others(daemon, name) == untouched
    assert history(daemon.paths.home, name)[0]["reason"] == "hung: no sign of life for 5 s"
    assert daemon.client.ask("What is Python?")["response"] == "Hello there"


def test_no_sentence_hangs_the_engine_and_other_goals_go_on(modelled: Modelled) -> None:
    daemon, _ = modelled
    engine = daemon.pids()["task_engine"]
    slow = daemon.client.post("/api/goals", GoalReply, text="and then " * 1_111)["goal"]["id"]
    other = daemon.client.post("/api/goals", GoalReply, text="Note: the bread is in the oven")["goal"]["id"]

    def goal(number: int) -> GoalReply:
        return daemon.client.get("/api/goals/{goal_id}", GoalReply, goal_id=number)

    wait_until(lambda: goal(other)["goal"]["status"] == "completed", "the other goal does not end", 60)
    wait_until(lambda: bool(goal(slow)["tasks"]), "the long goal is not planned", 60)
    assert daemon.pids()["task_engine"] == engine
    daemon.client.post("/api/goals/{goal_id}/{action}", GoalReply, goal_id=slow, action="cancel")
