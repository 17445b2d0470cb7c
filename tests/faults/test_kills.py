"""Every process of the daemon is killed, and stopped, while it runs: it alone is replaced, and Senter answers."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from senter.client import call_control
from senter.components.specs import SPECS
from tests.support.daemon import Modelled, modelled_daemon, others

pytestmark = pytest.mark.process

COMPONENTS = sorted(name for spec in SPECS for name in spec.process_names(spec.settings()))
EVERYTHING = [*COMPONENTS, "nats-server", "zygote"]


@pytest.fixture(scope="module")
def modelled() -> Iterator[Modelled]:
    with modelled_daemon() as running:
        yield running


def test_no_process_of_the_daemon_is_left_out(modelled: Modelled) -> None:
    """But for the supervisor, whose end is that of all others: see test_supervisor_ends."""
    assert modelled.daemon.pids().keys() - {"supervisor"} == set(EVERYTHING)


@pytest.mark.parametrize("name", EVERYTHING)
def test_what_is_killed_is_replaced_alone_and_the_next_question_is_answered(modelled: Modelled, name: str) -> None:
    daemon, _ = modelled
    untouched = others(daemon, name)
    killed = daemon.kill(name, signal.SIGKILL)
    assert daemon.client.ask("What is Python?")["response"] == "Hello there"
    daemon.wait_for(name, "running", not_pid=killed)
    assert others(daemon, name) == untouched


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_sigterm_to_one_process_ends_that_process_only_and_it_comes_back(modelled: Modelled, name: str) -> None:
    daemon, _ = modelled
    untouched = others(daemon, name)
    ended = daemon.kill(name, signal.SIGTERM)
    daemon.wait_for(name, "running", not_pid=ended)
    assert others(daemon, name) == untouched
    assert daemon.client.ask("What is Python?")["response"] == "Hello there"


def test_bus_and_zygote_killed_together_with_a_component_all_come_back(modelled: Modelled) -> None:
    daemon, _ = modelled
    killed = {name: daemon.kill(name) for name in ("zygote", "assistant", "nats-server")}
    for name, pid in killed.items():
        daemon.wait_for(name, "running", not_pid=pid)
    assert daemon.client.ask("What is Python?")["response"] == "Hello there"


def test_a_signal_to_the_whole_group_of_components_stops_none_of_them(modelled: Modelled) -> None:
    """Ctrl-C and a closed terminal reach every process of a group."""
    daemon, _ = modelled
    before = daemon.pids()
    for name in [*COMPONENTS, "zygote"]:
        daemon.kill(name, signal.SIGINT)
        daemon.kill(name, signal.SIGHUP)
    assert daemon.client.ask("What is Python?")["response"] == "Hello there"
    assert daemon.pids() == before


def test_components_go_on_as_fresh_interpreters_when_the_zygote_is_given_up() -> None:
    with modelled_daemon(supervisor={"fast_limit": 1}) as (daemon, _):
        daemon.kill("zygote")
        daemon.wait_for("zygote", "stopped_by_repeated_failure")
        call_control(daemon.paths, "restart", "assistant")
        daemon.wait_for("assistant", "running")
        assert daemon.client.ask("What is Python?")["response"] == "Hello there"
