"""The bus without a daemon: round trips, publishing, consuming, and how fast control gets through a flood.

Beside it, in the same run, the same round trip by nats-py alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from nats.aio.client import Client
from nats.aio.msg import Msg

from measuring.homes import scratch_home
from measuring.report import Report, run_figure
from senter.bus.manifest import Manifest
from senter.errors import BusFull
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.health import Health, HealthCheck, HealthReport
from senter.messages.message import ComponentName, Event, Volatile
from tests.support.bus_messages import ANSWERER, ASKER, Noted, Tell, Tick, echo
from tests.support.nats_server import TestServer

ROUNDS = 2_000
EVENTS = 10_000
VOLATILES = 100_000

MANIFESTS = {
    ASKER: Manifest(sends=(Tell, Noted, Tick, HealthCheck)),
    ANSWERER: Manifest(receives=(Tell, Noted, Tick)),
}


def main() -> None:
    run_figure(lambda: asyncio.run(measure()), limit_seconds=240)


async def measure() -> Report:
    report = Report("bus", "round trips, events and a flood on a bus without a daemon")
    with scratch_home() as home:
        server = TestServer(home, MANIFESTS)
        await server.start()
        try:
            await server.prepare()
            await round_trips(server, report)
            await events(server, report)
            await flood(server, report)
        finally:
            server.kill()
    return report


async def timed(rounds: int, once: Callable[[], Awaitable[object]]) -> list[float]:
    """Milliseconds."""
    taken: list[float] = []
    for _ in range(rounds):
        before = time.perf_counter()
        await once()
        taken.append((time.perf_counter() - before) * 1_000)
    return taken


async def round_trips(server: TestServer, report: Report) -> None:
    async with server.bus(ASKER) as one, server.bus(ANSWERER) as two:
        await two.serve(Tell, echo)
        trips = await timed(ROUNDS, lambda: one.request(Tell(text="x" * 200), timeout_seconds=5))
    report.measured("round_trip", trips)
    report.measured("round_trip_by_nats_py_alone", await round_trips_by_nats_py(server))


async def round_trips_by_nats_py(server: TestServer) -> list[float]:
    access = server.server.access(ComponentName("supervisor"))
    client, other = Client(), Client()
    for one in (client, other):
        await one.connect(access.url, user=access.user, password=access.password)

    async def echo(message: Msg) -> None:
        await message.respond(message.data)

    await other.subscribe("bench.echo", cb=echo)  # pyright: ignore[reportUnknownMemberType] - a bare Future
    for _ in range(2):
        await other.flush()
    trips = await timed(ROUNDS, lambda: client.request("bench.echo", b"x" * 400, timeout=5))
    await client.close()
    await other.close()
    return trips


async def events(server: TestServer, report: Report) -> None:
    async with server.bus(ASKER) as one, server.bus(ANSWERER) as two:
        seen = 0
        all_seen = asyncio.Event()

        async def consume(_: Event, __: bool) -> Consumed:
            nonlocal seen
            seen += 1
            if seen == EVENTS:
                all_seen.set()
            return Consumed(ConsumerOutcome.DONE)

        report.measured("publish", await timed(ROUNDS, lambda: one.publish(Noted(number=0))))
        for start in range(ROUNDS, EVENTS, 100):
            await asyncio.gather(*(one.publish(Noted(number=start + n)) for n in range(100)))
        before = time.perf_counter()
        await two.consume((Noted,), consume)
        await asyncio.wait_for(all_seen.wait(), 120)
        report.single("consumed", EVENTS / (time.perf_counter() - before), "events per second")


async def flood(server: TestServer, report: Report) -> None:
    async with server.bus(ASKER) as one, server.bus(ANSWERER) as two:

        async def hear(_: Tick) -> None:
            return

        async def answer(_: HealthCheck) -> HealthReport:
            return HealthReport(health=Health())

        await two.listen(Tick, hear)
        await two.on_broadcast(HealthCheck, answer)
        idle = await timed(200, lambda: one.broadcast(HealthCheck(), expected=(ANSWERER,), timeout_seconds=5))
        before = time.perf_counter()
        sending = asyncio.create_task(send_all(one.send))
        flooded = await timed(20, lambda: one.broadcast(HealthCheck(), expected=(ANSWERER,), timeout_seconds=30))
        await sending
        seconds = time.perf_counter() - before
        dropped = one.counters.volatile_dropped + two.counters.volatile_dropped
    report.measured("broadcast_idle", idle)
    report.measured("broadcast_in_a_flood", flooded)
    report.single("volatiles", VOLATILES / seconds, "messages per second")
    report.single("volatiles_dropped", dropped, f"of {VOLATILES:,}")


async def send_all(send: Callable[[Volatile], Awaitable[None]]) -> None:
    for number in range(VOLATILES):
        try:
            await send(Tick(number=number))
        except BusFull:
            continue
        if number % 100 == 0:
            await asyncio.sleep(0)


if __name__ == "__main__":
    main()
