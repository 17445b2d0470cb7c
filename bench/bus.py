"""The bus: round trips, publishing, consuming, and how fast control gets through a flood.

Prints JSON. Beside it, in the same run, the same round trip by nats-py alone.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import Field

from senter.bus.bus import Consumed, Outcome
from senter.bus.manifest import Manifest
from senter.bus.testing import TestServer
from senter.errors import BusFull
from senter.messages.health import Health, HealthCheck, HealthReport
from senter.messages.message import Command, ComponentName, Event, Reply, Volatile

ROUNDS = 2_000
EVENTS = 10_000
VOLATILES = 100_000
ONE = ComponentName("one")
TWO = ComponentName("two")


class Told(Reply):
    wire_name = "told"
    text: str = Field(description="What was told.")


class Tell(Command[Told]):
    wire_name = "tell"
    receiver = TWO
    text: str = Field(default="", description="What to tell.")


class Noted(Event):
    wire_name = "noted"
    number: int = Field(description="Which one.")


class Tick(Volatile):
    wire_name = "tick"
    number: int = Field(description="Which one.")


MANIFESTS = {
    ONE: Manifest(sends=(Tell, Noted, Tick, HealthCheck)),
    TWO: Manifest(receives=(Tell, Noted, Tick)),
}


async def timed(rounds: int, once: Callable[[], Awaitable[object]]) -> dict[str, float]:
    """Microseconds."""
    taken: list[float] = []
    for _ in range(rounds):
        before = time.perf_counter()
        await once()
        taken.append((time.perf_counter() - before) * 1e6)
    taken.sort()
    return {"p50_us": round(statistics.median(taken), 1), "p99_us": round(taken[int(len(taken) * 0.99)], 1)}


async def round_trips(server: TestServer) -> dict[str, object]:
    async with server.bus(ONE) as one, server.bus(TWO) as two:

        async def echo(command: Tell) -> Told:
            return Told(text=command.text)

        await two.serve(Tell, echo)
        return {
            "senter": await timed(ROUNDS, lambda: one.request(Tell(text="x" * 200), timeout_seconds=5)),
            "nats_py_alone": await round_trips_by_nats_py(server),
        }


async def round_trips_by_nats_py(server: TestServer) -> dict[str, float]:
    access = server.server.access(ComponentName("supervisor"))
    client, other = Client(), Client()
    for one in (client, other):
        await one.connect(access.url, user=access.user, password=access.password)

    async def echo(message: Msg) -> None:
        await message.respond(message.data)

    await other.subscribe("bench.echo", cb=echo)  # pyright: ignore[reportUnknownMemberType] - a bare Future
    for _ in range(2):
        await other.flush()
    figures = await timed(ROUNDS, lambda: client.request("bench.echo", b"x" * 400, timeout=5))
    await client.close()
    await other.close()
    return figures


async def events(server: TestServer) -> dict[str, object]:
    async with server.bus(ONE) as one, server.bus(TWO) as two:
        seen = 0
        all_seen = asyncio.Event()

        async def consume(_: Event, __: bool) -> Consumed:
            nonlocal seen
            seen += 1
            if seen == EVENTS:
                all_seen.set()
            return Consumed(Outcome.DONE)

        publish = await timed(ROUNDS, lambda: one.publish(Noted(number=0)))
        for start in range(ROUNDS, EVENTS, 100):
            await asyncio.gather(*(one.publish(Noted(number=start + n)) for n in range(100)))
        before = time.perf_counter()
        await two.consume((Noted,), consume)
        await asyncio.wait_for(all_seen.wait(), 120)
        return {"publish": publish, "consumed_per_second": round(EVENTS / (time.perf_counter() - before))}


async def flood(server: TestServer) -> dict[str, object]:
    async with server.bus(ONE) as one, server.bus(TWO) as two:
        heard = 0

        async def hear(_: Tick) -> None:
            nonlocal heard
            heard += 1

        async def report(_: HealthCheck) -> HealthReport:
            return HealthReport(health=Health())

        await two.listen(Tick, hear)
        await two.on_broadcast(HealthCheck, report)
        idle = await timed(200, lambda: one.broadcast(HealthCheck(), expected=(TWO,), timeout_seconds=5))
        before = time.perf_counter()
        sending = asyncio.create_task(send_all(one.send))
        worst = await timed(20, lambda: one.broadcast(HealthCheck(), expected=(TWO,), timeout_seconds=30))
        await sending
        return {
            "broadcast_idle": idle,
            "broadcast_in_a_flood": worst,
            "volatiles_per_second": round(VOLATILES / (time.perf_counter() - before)),
            "dropped_of": [one.counters.volatile_dropped + two.counters.volatile_dropped, VOLATILES],
        }


async def send_all(send: Callable[[Volatile], Awaitable[None]]) -> None:
    for number in range(VOLATILES):
        try:
            await send(Tick(number=number))
        except BusFull:
            continue
        if number % 100 == 0:
            await asyncio.sleep(0)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = TestServer(Path(folder), MANIFESTS)
        await server.start()
        try:
            await server.prepare()
            figures = {
                "request": await round_trips(server),
                "events": await events(server),
                "flood": await flood(server),
            }
        finally:
            server.kill()
    json.dump(figures, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    asyncio.run(main())
