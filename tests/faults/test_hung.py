"""A process that is stopped, not dead, is found by its silence and replaced."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

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
    assert daemon.client.ask("Are you there?")["response"] == "Hello there"
