"""Far more messages than anyone can take at once, while people ask: nothing durable is lost, memory stays bounded."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from senter.operations.scratch import wait_until
from tests.support.daemon import Section, facts, model_server, quick_settings, row, short_home
from tests.support.scratch import scratch_daemon
from tests.support.troupe import installed

pytestmark = pytest.mark.process

DURABLE, VOLATILE = 5_000, 50_000
FLOOD_SECONDS = 90.0
MEMORY_MB = 150.0


@pytest.mark.parametrize("kill", ["", "flooder", "nats-server"])
def test_in_a_flood_people_are_answered_and_every_durable_message_is_taken_once_in_order(kill: str) -> None:
    share = 5 if kill else 1
    flood: Section = {"durable": DURABLE // share, "volatile": VOLATILE // share}
    with short_home() as home, model_server() as model:
        text = quick_settings(model.url, flooder=flood)
        with scratch_daemon(home, text, installed(home, "flooder")) as daemon:
            for number in range(10):
                assert daemon.client.ask(f"What is {number}?")["response"] == "Hello there"
            if kill:
                wait_until(lambda: facts(daemon, "flooder").get("taken", 0) > 0, "nothing arrives", FLOOD_SECONDS)
                killed = daemon.kill(kill)
                daemon.wait_for(kill, "running", not_pid=killed)
            wait_until(
                lambda: facts(daemon, "flooder").get("different") == flood["durable"], "some are missing", FLOOD_SECONDS
            )
            found = facts(daemon, "flooder")
            assert (found["taken"], found["out_of_order"]) == (flood["durable"], 0)
            assert row(daemon, "flooder")["memory_mb"] < MEMORY_MB
            if not kill:
                wait_until(
                    lambda: facts(daemon, "flooder")["splashes_sent"] == VOLATILE, "the flood goes on", FLOOD_SECONDS
                )
                wait_until(
                    lambda: _all_splashes(facts(daemon, "flooder")) == VOLATILE,
                    f"uncounted: {facts(daemon, 'flooder')}",
                    10,
                )
            assert daemon.client.ask("What is Python?")["response"] == "Hello there"


def _all_splashes(found: Mapping[str, int]) -> int:
    return found["splashes_taken"] + found["splashes_dropped"]
