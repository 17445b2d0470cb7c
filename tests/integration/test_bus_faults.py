"""The bus when processes are killed, stopped, refused, or live in somebody else's cluster."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest
from nats.aio.client import Client
from nats.errors import FlushTimeoutError
from pydantic import SecretStr

from senter.bus.access import BusAccess
from senter.bus.bus import Bus
from senter.bus.connection import NatsBus
from senter.bus.manifest import Manifest
from senter.bus.server import SUPERVISOR, free_port, program
from senter.bus.settings import BusSettings
from senter.bus.streams import prepare_streams
from senter.errors import BusUnavailable, CommunicationError, NoResponder, ResponderDied, StartError
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.envelope import Envelope, current
from senter.messages.health import ComponentDied
from senter.messages.message import ComponentName, Event
from senter.settings.secret import SecretAddress
from tests.support.bus_messages import ANSWERER, ASKER, Noted, Tell, Tick, Told, echo
from tests.support.cluster import cluster_permissions
from tests.support.nats_server import TestServer

pytestmark = pytest.mark.process

SOON_SECONDS = 10.0
OUTSIDER = ComponentName("outsider")


MANIFESTS = {
    ANSWERER: Manifest(receives=(Tell, Noted, Tick)),
    ASKER: Manifest(sends=(Tell, Noted, Tick)),
    OUTSIDER: Manifest(sends=(Tell,)),
}

# A component in a process of its own: echoes, hangs at "hang", and says on stdout what it has reached.
RESPONDER_PROGRAM = """
import asyncio, sys
from senter.bus.access import BusAccess
from senter.bus.connection import NatsBus
from senter.bus.manifest import Manifest
from tests.support.bus_messages import Tell, Tick, Told

async def tell(command):
    print("got", command.text, flush=True)
    if command.text == "hang":
        await asyncio.Event().wait()
    return Told(text=command.text)

async def hear(tick):
    pass

async def main():
    access = BusAccess.model_validate_json(sys.stdin.readline())
    async with NatsBus.connect(access, Manifest(receives=(Tell, Tick))) as bus:
        await bus.serve(Tell, tell)
        await bus.listen(Tick, hear)
        print("ready", flush=True)
        await bus.wait_failed()

asyncio.run(main())
"""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[TestServer]:
    server = TestServer(tmp_path, MANIFESTS)
    await server.start()
    try:
        await server.prepare()
        yield server
    finally:
        server.kill()


@contextmanager
def responder_process(access: BusAccess) -> Generator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", RESPONDER_PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(access.model_dump_json() + "\n")
        process.stdin.flush()
        assert next(line for line in process.stdout if "bus" not in line).strip() == "ready"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


async def soon(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON_SECONDS):
        while True:
            if condition():
                return
            await asyncio.sleep(0.005)


class Seen:
    """A consumer that remembers, and leaves out repetitions as every consumer must."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._ids: set[str] = set()

    async def consume(self, event: Event, _: bool) -> Consumed:
        assert isinstance(event, Noted)
        if current().id not in self._ids:
            self._ids.add(current().id)
            self.numbers.append(event.number)
        return Consumed(ConsumerOutcome.DONE)


async def publish_like_an_outbox(bus: Bus, count: int) -> None:
    """In order, each until it is acknowledged."""
    for number in range(count):
        event, envelope = Noted(number=number), Envelope()
        while True:
            try:
                await bus.publish(event, envelope)
            except CommunicationError:
                await asyncio.sleep(0.01)
            else:
                break


async def eventually_answered(bus: Bus, command: Tell) -> Told:
    async with asyncio.timeout(SOON_SECONDS):
        while True:
            try:
                return await bus.request(command, timeout_seconds=2)
            except CommunicationError:
                await asyncio.sleep(0.01)


async def test_nothing_acknowledged_is_lost_when_the_server_is_killed_again_and_again(server: TestServer) -> None:
    async with server.bus(ASKER) as asker, server.bus(ANSWERER) as responder:
        seen = Seen()
        await responder.consume((Noted,), seen.consume)
        publishing = asyncio.create_task(publish_like_an_outbox(asker, 600))
        for reached in (100, 250, 400):
            await soon(lambda reached=reached: len(seen.numbers) >= reached)
            server.kill()
            await server.start()
        await asyncio.wait_for(publishing, SOON_SECONDS)
        await soon(lambda: len(seen.numbers) == 600)
        assert seen.numbers == list(range(600))


async def test_events_that_wait_outlive_the_server(server: TestServer) -> None:
    async with server.bus(ASKER) as asker:
        await publish_like_an_outbox(asker, 100)
    server.kill()
    await server.start()
    async with server.bus(ANSWERER) as responder:
        seen = Seen()
        await responder.consume((Noted,), seen.consume)
        await soon(lambda: seen.numbers == list(range(100)))


async def test_a_request_in_flight_fails_at_once_when_the_server_is_killed(server: TestServer) -> None:
    async with server.bus(ASKER) as asker, server.bus(ANSWERER) as responder:
        reached = asyncio.Event()

        async def hold(command: Tell) -> Told:
            if command.text == "hang":
                reached.set()
                await asyncio.Event().wait()
            return await echo(command)

        await responder.serve(Tell, hold)
        asking = asyncio.create_task(asker.request(Tell(text="hang"), timeout_seconds=300))
        await asyncio.wait_for(reached.wait(), SOON_SECONDS)
        server.kill()
        with pytest.raises(BusUnavailable):
            await asyncio.wait_for(asking, SOON_SECONDS)
        await server.start()
        assert (await eventually_answered(asker, Tell(text="again"))).text == "again"


async def test_an_asker_is_told_at_once_when_the_responders_process_is_killed(server: TestServer) -> None:
    async with server.bus(ASKER) as asker, server.bus(SUPERVISOR) as supervisor:
        with responder_process(server.server.access(ANSWERER)) as process:
            asking = asyncio.create_task(asker.request(Tell(text="hang"), timeout_seconds=300))
            assert process.stdout is not None
            assert await asyncio.to_thread(process.stdout.readline) == "got hang\n"
            process.kill()
            process.wait()
            await supervisor.send(ComponentDied(component=ANSWERER, pid=process.pid, reason="killed"))
            with pytest.raises(ResponderDied):
                await asyncio.wait_for(asking, SOON_SECONDS)
            with pytest.raises(NoResponder):
                await asker.request(Tell(), timeout_seconds=300)


async def test_a_stopped_receiver_makes_nobodys_memory_grow_without_bound(server: TestServer) -> None:
    async with server.bus(ASKER) as asker:
        with responder_process(server.server.access(ANSWERER)) as process:
            process.send_signal(signal.SIGSTOP)
            before = psutil.Process().memory_info().rss
            piece = Tick(text="x" * 100_000)
            for _ in range(3_000):
                await asker.send(piece)
                await asyncio.sleep(0)
            flooded = psutil.Process(server.pid).memory_info().rss
            assert flooded < 200 * 1024 * 1024
            assert psutil.Process().memory_info().rss - before < 150 * 1024 * 1024
            process.send_signal(signal.SIGCONT)
            assert (await eventually_answered(asker, Tell(text="back"))).text == "back"


# Permissions.


class Raw:
    """A component that goes around its own bus, with its credentials and nothing else."""

    def __init__(self, client: Client, refusals: list[str]) -> None:
        self.client = client
        self.refusals = refusals


@pytest.fixture
async def raw(server: TestServer) -> AsyncGenerator[Raw]:
    refusals: list[str] = []

    async def remember(error: Exception) -> None:
        refusals.append(str(error))

    access = server.server.access(OUTSIDER)
    client = Client()
    await client.connect(
        access.url, user=access.user, password=access.password, error_cb=remember, inbox_prefix="_INBOX_outsider"
    )
    yield Raw(client, refusals)
    await client.close()


FORBIDDEN_TO_PUBLISH = (
    "event.noted",
    "event.replay.answerer",
    "dead.answerer",
    "died.answerer",
    "broadcast.shutdown",
    "volatile.tick.all",
    "volatile.heartbeat.answerer",
    "request.supervisor.get_daemon_status",
    "deliver.answerer",
    "_INBOX_asker.1.1",
    "$JS.API.STREAM.DELETE.EVENTS",
    "$JS.API.STREAM.PURGE.EVENTS",
    "$JS.API.CONSUMER.RESET.EVENTS.answerer",
    "$JS.ACK.EVENTS.answerer.1.1.1.1.1",
)
FORBIDDEN_TO_SUBSCRIBE = (
    "_INBOX_asker.>",
    ">",
    "event.>",
    "deliver.answerer",
    "request.answerer.tell",
    "dead.>",
    "$JS.>",
)


@pytest.mark.parametrize("subject", FORBIDDEN_TO_PUBLISH)
async def test_a_component_cannot_publish_what_it_does_not_declare(raw: Raw, subject: str) -> None:
    await raw.client.publish(subject, b"{}")
    await soon(lambda: bool(raw.refusals))
    assert "permissions violation for publish" in raw.refusals[0]


@pytest.mark.parametrize("subject", FORBIDDEN_TO_SUBSCRIBE)
async def test_a_component_cannot_listen_where_it_does_not_belong(raw: Raw, subject: str) -> None:
    await raw.client.subscribe(subject)  # pyright: ignore[reportUnknownMemberType] - a bare Future
    await soon(lambda: bool(raw.refusals))
    assert "permissions violation for subscription" in raw.refusals[0]


async def test_what_a_component_declares_it_may_do(raw: Raw, server: TestServer) -> None:
    async with server.bus(ANSWERER) as responder:
        await responder.serve(Tell, echo)
        reply = await raw.client.request("request.answerer.tell", b'{"text": "raw"}', timeout=SOON_SECONDS)
        assert json.loads(reply.data)["text"] == "raw"
    assert raw.refusals == []


async def test_a_wrong_password_is_refused_at_once_and_clearly(server: TestServer) -> None:
    access = server.server.access(ASKER).model_copy(update={"password": "wrong"})
    async with asyncio.timeout(SOON_SECONDS):
        with pytest.raises(BusUnavailable, match="Authorization Violation"):
            async with NatsBus.connect(access, MANIFESTS[ASKER]):
                raise AssertionError


async def test_a_component_whose_server_is_gone_for_good_can_still_leave(server: TestServer) -> None:
    async with asyncio.timeout(SOON_SECONDS):
        async with server.bus(ASKER):
            server.kill()
        with pytest.raises(BusUnavailable):
            async with server.bus(ASKER):
                raise AssertionError


# Somebody else's cluster.


class Cluster:
    """nats-servers that Senter did not configure, as an operator would run them."""

    def __init__(self, folder: Path, size: int, stack: ExitStack) -> None:
        self._ports = [free_port() for _ in range(size)]
        self._routes = [free_port() for _ in range(size)]
        self.processes = [self._spawn(folder / f"n{number}", number) for number in range(size)]
        for process in self.processes:
            stack.callback(process.wait)
            stack.callback(process.kill)

    @property
    def settings(self) -> BusSettings:
        url = ",".join(f"nats://127.0.0.1:{port}" for port in self._ports)
        return BusSettings(
            url=SecretAddress(url), user="senter", password=SecretStr("s3cret"), replicas=len(self._ports)
        )

    def _spawn(self, folder: Path, number: int) -> subprocess.Popen[bytes]:
        folder.mkdir()
        allowed = cluster_permissions([*MANIFESTS, SUPERVISOR])
        user = {
            "user": "senter",
            "password": "s3cret",
            "permissions": {"publish": list(allowed.publish), "subscribe": list(allowed.subscribe)},
        }
        configuration: dict[str, object] = {
            "server_name": f"n{number}",
            "listen": f"127.0.0.1:{self._ports[number]}",
            "jetstream": {"store_dir": str(folder)},
            "max_payload": 2_097_152,
            "log_file": str(folder / "log"),
            "accounts": {"SENTER": {"jetstream": "enabled", "users": [user]}, "SYS": {}},
            "system_account": "SYS",
        }
        if len(self._ports) > 1:
            configuration["cluster"] = {
                "name": "c",
                "listen": f"127.0.0.1:{self._routes[number]}",
                "routes": [f"nats://127.0.0.1:{port}" for port in self._routes],
            }
        (folder / "conf").write_text(json.dumps(configuration))
        return subprocess.Popen([str(program()), "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)


@pytest.fixture
def cluster_of(tmp_path: Path) -> Iterator[Callable[[int], Cluster]]:
    with ExitStack() as stack:
        yield lambda size: Cluster(tmp_path, size, stack)


async def until_prepared(bus: NatsBus, settings: BusSettings) -> None:
    """A cluster that was just started first has to agree on a leader."""
    async with asyncio.timeout(2 * SOON_SECONDS):
        while True:
            try:
                return await prepare_streams(bus, settings, MANIFESTS)
            except (StartError, BusUnavailable):
                await asyncio.sleep(0.1)


async def test_a_daemon_can_join_a_server_it_does_not_run(cluster_of: Callable[[int], Cluster]) -> None:
    settings = cluster_of(1).settings

    def access(name: ComponentName) -> BusAccess:
        return BusAccess.to_cluster(settings, name)

    async with NatsBus.connect(access(SUPERVISOR), Manifest(is_supervisor=True)) as supervisor:
        await until_prepared(supervisor, settings)
        async with (
            NatsBus.connect(access(ASKER), MANIFESTS[ASKER]) as asker,
            NatsBus.connect(access(ANSWERER), MANIFESTS[ANSWERER]) as responder,
        ):
            seen = Seen()
            await responder.serve(Tell, echo)
            await responder.consume((Noted,), seen.consume)
            assert (await asker.request(Tell(text="there"), timeout_seconds=5)).text == "there"
            await publish_like_an_outbox(asker, 10)
            await soon(lambda: seen.numbers == list(range(10)))


async def test_a_cluster_of_three_loses_nothing_when_one_server_is_killed(
    cluster_of: Callable[[int], Cluster],
) -> None:
    cluster = cluster_of(3)
    settings = cluster.settings
    async with (
        NatsBus.connect(BusAccess.to_cluster(settings, SUPERVISOR), Manifest(is_supervisor=True)) as supervisor,
        NatsBus.connect(BusAccess.to_cluster(settings, ASKER), MANIFESTS[ASKER]) as asker,
        NatsBus.connect(BusAccess.to_cluster(settings, ANSWERER), MANIFESTS[ANSWERER]) as responder,
    ):
        await until_prepared(supervisor, settings)
        seen = Seen()
        await responder.consume((Noted,), seen.consume)
        publishing = asyncio.create_task(publish_like_an_outbox(asker, 300))
        await soon(lambda: len(seen.numbers) >= 50)
        cluster.processes[0].kill()
        await asyncio.wait_for(publishing, 4 * SOON_SECONDS)
        await soon(lambda: len(seen.numbers) == 300)
        assert seen.numbers == list(range(300))


async def assert_that_it_ends_whenever_it_is_cancelled(work: Callable[[], Coroutine[None, None, None]]) -> None:
    for turns_of_the_loop in range(300):
        working = asyncio.create_task(work())
        for _ in range(turns_of_the_loop % 60):
            await asyncio.sleep(0)
        working.cancel()
        ended, _ = await asyncio.wait({working}, timeout=SOON_SECONDS)
        assert ended


async def test_a_cancellation_that_comes_together_with_an_answer_of_the_server_is_obeyed(server: TestServer) -> None:
    async with server.bus(ASKER) as bus:

        async def ping_for_ever() -> None:
            while True:
                await bus.link.round_trip(2)

        await assert_that_it_ends_whenever_it_is_cancelled(ping_for_ever)


async def test_who_stops_preparing_the_streams_when_an_answer_comes_is_let_go(server: TestServer) -> None:
    async with NatsBus.connect(server.server.access(SUPERVISOR), Manifest(is_supervisor=True)) as supervisor:
        received = supervisor.link.client.stats

        async def prepare_for_ever() -> None:
            while True:
                await prepare_streams(supervisor, server.settings, MANIFESTS)

        for answers in range(1, 12):
            preparing, before = asyncio.create_task(prepare_for_ever()), received["in_msgs"]
            while received["in_msgs"] < before + answers:
                await asyncio.sleep(0)
            preparing.cancel()
            ended, _ = await asyncio.wait({preparing}, timeout=SOON_SECONDS)
            assert ended


async def test_who_stops_trying_to_reach_a_server_that_refuses_is_let_go_whatever_the_instant() -> None:
    access = BusAccess(url=f"nats://127.0.0.1:{free_port()}", name=ASKER)

    async def come() -> None:
        async with NatsBus.connect(access, MANIFESTS[ASKER]):
            raise AssertionError

    await assert_that_it_ends_whenever_it_is_cancelled(come)


async def test_leaving_while_the_server_is_away_leaves_nothing_that_goes_on_trying(server: TestServer) -> None:
    before, away = asyncio.all_tasks(), asyncio.Event()
    here: list[int] = []

    async def come_and_leave(turns_of_the_loop: int) -> None:
        async with server.bus(ASKER):
            here.append(turns_of_the_loop)
            await away.wait()
            for _ in range(turns_of_the_loop):
                await asyncio.sleep(0)

    async with asyncio.timeout(SOON_SECONDS):
        coming = [asyncio.create_task(come_and_leave(turns)) for turns in range(200)]
        await soon(lambda: len(here) == len(coming))
        server.kill()
        away.set()
        await asyncio.gather(*coming)
    await soon(lambda: asyncio.all_tasks() == before)


async def test_whoever_gives_up_listening_before_it_has_begun_leaves_nothing_behind(server: TestServer) -> None:
    async with server.bus(ANSWERER) as responder:
        before = asyncio.all_tasks()

        async def hear(_: Tick) -> None:
            raise AssertionError

        for turns_of_the_loop in range(20):
            beginning = asyncio.create_task(responder.listen(Tick, hear))
            for _ in range(turns_of_the_loop):
                await asyncio.sleep(0)
            beginning.cancel()
            await asyncio.wait({beginning})
            if not beginning.cancelled():  # it had begun
                await beginning.result().close()
        await soon(lambda: asyncio.all_tasks() == before)


async def test_a_ping_that_was_given_up_leaves_the_connection_hearing(server: TestServer) -> None:
    async with server.bus(ANSWERER) as responder, server.bus(ASKER) as asker:
        await responder.serve(Tell, echo)
        os.kill(server.pid, signal.SIGSTOP)
        with pytest.raises(FlushTimeoutError):
            while True:  # the server's threads stop one after the other: a first ping may still be answered
                await asker.link.round_trip(1)
        os.kill(server.pid, signal.SIGCONT)
        for turns_of_the_loop in range(20):
            pinging = asyncio.create_task(asker.link.round_trip(2))
            for _ in range(turns_of_the_loop):
                await asyncio.sleep(0)
            pinging.cancel()
            await asyncio.wait({pinging})
        reply = await asker.request(Tell(text="still there"), timeout_seconds=SOON_SECONDS)
        assert reply.text == "still there"
