"""The example that third parties copy, in a real daemon; and what becomes of an event that nobody can take in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from senter.bus.access import BusAccess
from senter.bus.connection import NatsBus
from senter.bus.manifest import Manifest
from senter.bus.server import SUPERVISOR
from senter.client.types import DeadLetter, DeadLetters
from senter.errors import BusUnavailable, CommunicationError, NoResponder, ResponderDied
from senter.operations.scratch import wait_until
from senter.paths import Paths
from tests.support.daemon import facts, model_server, quick_settings, senter, short_home
from tests.support.examples import ENVIRONMENT, Echo
from tests.support.scratch import ScratchDaemon, scratch_daemon
from tests.support.troupe import installed

pytestmark = pytest.mark.process

ECHOES = 60


@pytest.fixture
def home() -> Iterator[Path]:
    with short_home() as folder:
        yield folder


@asynccontextmanager
async def bus_of(paths: Paths) -> AsyncGenerator[NatsBus]:
    """The bus of a running daemon, with the supervisor's own rights."""
    configuration = json.loads((paths.run / "nats-server.json").read_text())
    [password] = [user["password"] for user in configuration["authorization"]["users"] if user["user"] == SUPERVISOR]
    access = BusAccess(url=f"nats://{configuration['listen']}", name=SUPERVISOR, user=SUPERVISOR, password=password)
    async with NatsBus.connect(access, Manifest(is_supervisor=True)) as bus:
        yield bus


def seen(daemon: ScratchDaemon) -> int:
    """How many of its own announcements it took in, by its last heartbeat."""
    return facts(daemon, "echo").get("seen", -1)


async def echo_until_answered(bus: NatsBus, text: str) -> tuple[int, int]:
    """The count after the echo, and how often it had to be asked for."""
    tries = 0
    async with asyncio.timeout(30):
        while True:
            tries += 1
            try:
                return (await bus.request(Echo(text=text), timeout_seconds=5)).count, tries
            except (NoResponder, ResponderDied, BusUnavailable):
                await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def twice() -> Iterator[ScratchDaemon]:
    """A daemon whose echo says everything twice."""
    with short_home() as folder, scratch_daemon(folder, quick_settings(echo={"repeat": 2}), ENVIRONMENT) as daemon:
        yield daemon


async def test_the_example_answers_and_takes_in_what_it_announced(twice: ScratchDaemon) -> None:
    async with bus_of(twice.paths) as bus:
        reply = await bus.request(Echo(text="hello"), timeout_seconds=5)
        assert (reply.text, reply.count) == ("hello hello", 1)
    again = await asyncio.to_thread(twice.client.post, "/api/echo", dict[str, object], text="hi")
    assert again == {"text": "hi hi", "count": 2}
    wait_until(lambda: seen(twice) == 2, "the event does not arrive", 10)
    assert "seen: 2" in senter(twice.paths.home, "status", "echo").out


async def test_a_command_that_is_not_declared_is_refused(twice: ScratchDaemon) -> None:
    async with bus_of(twice.paths) as bus:
        with pytest.raises(CommunicationError):
            await bus.request(Echo(text="hello"), timeout_seconds=2, to=SUPERVISOR)
    assert twice.component("echo")["state"] == "running"


@pytest.mark.parametrize("victims", [["echo"], ["nats-server"], ["echo", "nats-server"]], ids=" and ".join)
async def test_every_echo_is_counted_exactly_once_over_kills(home: Path, victims: list[str]) -> None:
    with scratch_daemon(home, quick_settings(), ENVIRONMENT) as daemon:
        answered, asked, last = 0, 0, 0
        async with bus_of(daemon.paths) as bus:
            for number in range(ECHOES):
                if number % 15 == 7:
                    for victim in victims:
                        daemon.kill(victim)
                last, tries = await echo_until_answered(bus, f"echo {number}")
                answered, asked = answered + 1, asked + tries
        assert answered == ECHOES <= last <= asked
        wait_until(lambda: seen(daemon) >= last, "events are missing", 20)
        daemon.stop()
        daemon.start()  # what was still on its way has arrived, or never will
        wait_until(lambda: facts(daemon, "echo")["events_waiting"] == 0, "events wait", 10)
        assert seen(daemon) == last


def test_an_event_that_cannot_be_taken_in_becomes_a_dead_letter_to_be_replayed_or_dropped(home: Path) -> None:
    with model_server() as model:
        text = quick_settings(model.url, witness={"fails": True})
        with scratch_daemon(home, text, installed(home, "witness")) as daemon:
            assert senter(home, "dead-letters", "list").out == "There are no dead letters.\n"
            first, second = (daemon.client.ask(text)["id"] for text in ("One.", "Two."))
            wait_until(
                lambda: daemon.client.get("/api/dead-letters", DeadLetters)["total"] == 2, "nothing is given up", 40
            )

            listed = cast(DeadLetters, senter(home, "dead-letters", "list", "--json").json)
            one, two = (letter["number"] for letter in listed["letters"])
            shown = cast(DeadLetter, senter(home, "dead-letters", "show", str(one), "--json").json)
            assert (shown["consumer"], shown["event"], shown["attempts"]) == ("witness", "query_answered", 5)
            assert "the witness saw nothing" in shown["error"]
            assert cast("dict[str, str]", shown["payload"])["query_id"] == first
            assert "the witness saw nothing" in senter(home, "dead-letters", "list").out

            before = daemon.pid("witness")
            daemon.paths.settings.write_text(quick_settings(model.url, witness={"fails": False}))
            daemon.wait_for("witness", "running", not_pid=before)
            assert senter(home, "dead-letters", "replay", str(one)).code == 0
            assert senter(home, "dead-letters", "drop", str(two), "--yes").code == 0
            replayed = {"seen": 1, "questions": 1}
            wait_until(lambda: facts(daemon, "witness") == replayed, "the replay fails", 10)
            assert daemon.client.get("/api/dead-letters", DeadLetters)["total"] == 0
            for command in (["show", str(two)], ["replay", str(two)], ["drop", str(two), "--yes"]):
                said = senter(home, "dead-letters", *command, "--json")
                assert (said.code, said.error["code"]) == (1, "not_found"), command
            assert second
