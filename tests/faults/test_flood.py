"""Far more messages than anyone can take at once, while people ask: nothing durable is lost, memory stays bounded."""

from __future__ import annotations

import pytest

from senter.operations.scratch import ScratchDaemon, scratch_daemon, wait_until
from tests.support.daemon import Section, model_server, quick_settings, short_home
from tests.support.troupe import installed

pytestmark = pytest.mark.process

DURABLE, VOLATILE = 5_000, 50_000
FLOOD_SECONDS = 90.0
MEMORY_MB = 150.0


def facts(daemon: ScratchDaemon) -> dict[str, int]:
    return daemon.component("flooder")["health"]["facts"]  # type: ignore[index,no-any-return]


@pytest.mark.parametrize("kill", ["", "flooder", "nats-server"])
def test_in_a_flood_people_are_answered_and_every_durable_message_is_taken_once_in_order(kill: str) -> None:
    share = 5 if kill else 1
    flood: Section = {"durable": DURABLE // share, "volatile": VOLATILE // share}
    with short_home() as home, model_server() as model:
        text = quick_settings(model.url, flooder=flood)
        with scratch_daemon(home, text, installed(home, "flooder")) as daemon:
            for number in range(10):
                assert daemon.client.ask(f"Question {number}?")["response"] == "Hello there"
            if kill:
                wait_until(lambda: facts(daemon).get("taken", 0) > 0, "nothing arrives", FLOOD_SECONDS)
                killed = daemon.kill(kill)
                daemon.wait_for(kill, "running", not_pid=killed)
            wait_until(lambda: facts(daemon).get("different") == flood["durable"], "some are missing", FLOOD_SECONDS)
            found = facts(daemon)
            assert (found["taken"], found["out_of_order"]) == (flood["durable"], 0)
            assert daemon.component("flooder")["memory_mb"] < MEMORY_MB  # type: ignore[operator]
            if not kill:
                wait_until(lambda: facts(daemon)["splashes_sent"] == VOLATILE, "the flood goes on", FLOOD_SECONDS)
                wait_until(lambda: _all_splashes(facts(daemon)) == VOLATILE, f"uncounted: {facts(daemon)}", 10)
            assert daemon.client.ask("Still well?")["response"] == "Hello there"


def _all_splashes(found: dict[str, int]) -> int:
    return found["splashes_taken"] + found["splashes_dropped"]
