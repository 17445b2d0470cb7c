"""The daemon's own nats-server: configuration, starts over an old store, and starts that cannot succeed."""

from __future__ import annotations

import asyncio
import socket
import stat
from collections.abc import AsyncGenerator
from pathlib import Path

import psutil
import pytest
from pydantic import Field

from senter.bus.manifest import Manifest
from senter.bus.server import SUPERVISOR, BusStoreError, PrivateServer, explain_end, wait_until_answering
from senter.bus.settings import BusSettings
from senter.bus.streams import prepare_streams
from senter.errors import NotReady, StartError
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.message import ComponentName, Event
from tests.support.nats_server import TestServer

pytestmark = pytest.mark.process

SOON_SECONDS = 10.0
MAKER = ComponentName("maker")
TAKER = ComponentName("taker")


class Noted(Event):
    wire_name = "noted"
    number: int = Field(description="Which one.")


class Noticed(Event):
    wire_name = "noticed"


MANIFESTS = {MAKER: Manifest(sends=(Noted,)), TAKER: Manifest(receives=(Noted,))}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[TestServer]:
    server = TestServer(tmp_path, MANIFESTS)
    await server.start()
    try:
        yield server
    finally:
        server.kill()


async def done(_: Event, __: bool) -> Consumed:
    return Consumed(ConsumerOutcome.DONE)


async def test_passwords_show_neither_in_the_process_list_nor_to_other_users(server: TestServer) -> None:
    arguments = " ".join(psutil.Process(server.pid).cmdline())
    assert not any(password in arguments for password in server.server.passwords.values())
    assert not any(password in repr(server.server.access(MAKER)) for password in server.server.passwords.values())
    assert stat.S_IMODE(server.configuration_path.stat().st_mode) == 0o600


async def test_only_this_machine_can_reach_it(server: TestServer) -> None:
    addresses = {connection.laddr.ip for connection in psutil.Process(server.pid).net_connections() if connection.laddr}
    assert addresses == {"127.0.0.1"}


async def test_the_next_start_finds_the_streams_of_the_last_one(server: TestServer) -> None:
    await server.prepare()
    async with server.bus(MAKER) as maker:
        await maker.publish(Noted(number=1))
    server.kill()
    await server.start()
    await server.prepare()
    got: list[int] = []
    arrived = asyncio.Event()

    async def take(event: Event, _: bool) -> Consumed:
        assert isinstance(event, Noted)
        got.append(event.number)
        arrived.set()
        return Consumed(ConsumerOutcome.DONE)

    async with server.bus(TAKER) as taker:
        await taker.consume((Noted,), take)
        await asyncio.wait_for(arrived.wait(), SOON_SECONDS)
    assert got == [1]


async def test_changed_limits_and_components_are_taken_over(server: TestServer) -> None:
    await server.prepare()
    other = BusSettings(max_age_days=7, max_mb=64, dead_letters_max_age_days=8, dead_letters_max_mb=32)
    async with server.bus(SUPERVISOR) as supervisor:
        await prepare_streams(supervisor, other, {TAKER: Manifest(receives=(Noted, Noticed))})
    async with server.bus(TAKER, Manifest(receives=(Noted, Noticed))) as taker:
        await (await taker.consume((Noted, Noticed), done)).close()
    async with server.bus(SUPERVISOR) as supervisor:
        await prepare_streams(supervisor, other, {MAKER: MANIFESTS[MAKER]})
    async with server.bus(TAKER) as taker:
        with pytest.raises(NotReady, match="no place for taker"):
            await taker.consume((Noted,), done)


async def test_before_the_streams_are_made_a_consumer_is_told_that_it_is_too_early(server: TestServer) -> None:
    async with server.bus(TAKER) as taker:
        with pytest.raises(NotReady):
            await taker.consume((Noted,), done)


async def test_a_store_that_is_not_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "jetstream").write_text("in the way")
    server = TestServer(tmp_path, MANIFESTS)
    error = await failed_start(server)
    assert isinstance(error, BusStoreError)
    assert "jetstream" in error.message


async def test_a_damaged_place_in_the_stream_is_said_with_what_to_do(server: TestServer) -> None:
    await server.prepare()
    async with server.bus(MAKER) as maker:
        await maker.publish(Noted(number=1))
    async with server.bus(TAKER) as taker:
        await taker.consume((Noted,), done)
    server.kill()
    for state in server.store.rglob("o.dat"):
        state.write_bytes(b"\x00garbage")
    await server.start()
    with pytest.raises(BusStoreError, match="consumer") as caught:
        await server.prepare()
    assert "move it away" in caught.value.hint


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = int(other.getsockname()[1])
        error = await failed_start(TestServer(tmp_path, MANIFESTS, BusSettings(port=port)))
    assert f":{port}" in error.message
    assert "bus.port" in error.hint


async def test_the_reason_of_an_earlier_end_is_not_given_for_this_one(tmp_path: Path) -> None:
    (tmp_path / "jetstream").write_text("in the way")
    server = TestServer(tmp_path, MANIFESTS)
    await failed_start(server)
    (tmp_path / "jetstream").unlink()
    await server.start()
    server.kill()
    assert "did not say why" in explain_end(server.log, server.store).message


async def test_another_program_on_the_port_is_not_taken_for_the_bus() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as other:
        port = int(other.sockets[0].getsockname()[1])
        with pytest.raises(StartError, match="Something else"):
            await wait_until_answering(PrivateServer(port, {}), timeout_seconds=SOON_SECONDS)


async def test_a_server_that_never_answers_is_not_waited_for_forever() -> None:
    with pytest.raises(StartError, match="does not answer"):
        await wait_until_answering(PrivateServer.plan(BusSettings(), []), timeout_seconds=0.05)


async def failed_start(server: TestServer) -> StartError:
    server.spawn()
    await asyncio.to_thread(server.wait)
    server.kill()
    return explain_end(server.log, server.store)
