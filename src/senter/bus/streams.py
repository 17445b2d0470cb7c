"""The event streams and every component's place in them. Only the supervisor comes here.

EVENTS keeps an event until all its consumers have taken it in: what nobody consumes is not kept, and
what is old or too much is bounded by age and size. DEAD keeps what a consumer gave up on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from nats import errors as nats_errors
from nats.js import JetStreamManager, api
from nats.js import errors as js_errors

from senter.bus import subjects
from senter.bus.connection import NatsBus
from senter.bus.manifest import Manifest
from senter.bus.server import DAMAGED_HINT, BusStoreError
from senter.bus.settings import MIB, BusSettings
from senter.clock import utc_now
from senter.errors import BusUnavailable, StartError
from senter.messages.message import ComponentName

API_SECONDS = 5.0
ACK_WAIT_SECONDS = 30.0
# The ids are held in memory, many of them in a flood. When a sender repeats an event later than this, its
# consumers still know it by its id.
EVENTS_DUPLICATE_WINDOW_SECONDS = 20.0
LETTERS_DUPLICATE_WINDOW_SECONDS = 120.0
SECONDS_PER_DAY = 86_400.0
# Earlier ones cannot reset a consumer.
OLDEST_SERVER = (2, 14)


async def prepare_streams(bus: NatsBus, settings: BusSettings, manifests: Mapping[ComponentName, Manifest]) -> None:
    """Make or adapt both streams and one consumer for each component that receives events; remove all others.

    Raises `StartError` with what the operator must change, `BusUnavailable` when the streams do not answer.

    In a task of its own: nats-py waits with `asyncio.wait_for`, which until Python 3.12 forgets a cancellation that
    comes together with the answer, and whoever watches for changed settings would go on for ever.
    """
    _check_version(bus)
    preparing = asyncio.create_task(_prepare(bus, settings, manifests))
    try:
        await asyncio.wait({preparing})
    finally:
        preparing.cancel()
        await asyncio.wait({preparing})
    preparing.result()


async def _prepare(bus: NatsBus, settings: BusSettings, manifests: Mapping[ComponentName, Manifest]) -> None:
    manager = JetStreamManager(bus.link.client, timeout=API_SECONDS)
    try:
        await _ensure_stream(manager, _events(settings))
        await _ensure_stream(manager, _dead_letters(settings))
        await _ensure_consumers(manager, settings, manifests)
    except js_errors.APIError as error:
        raise _explain(error, settings) from error
    except nats_errors.Error as error:
        raise BusUnavailable(f"the event streams do not answer: {error or type(error).__name__}") from error


def _explain(error: js_errors.APIError, settings: BusSettings) -> StartError:
    reason = error.description or str(error)
    if not settings.is_own:
        hint = "See docs/guides/foreign-cluster.md for what a cluster must allow."
        return StartError(f"The cluster refuses the event streams: {reason}.", hint)
    return BusStoreError(f"The event streams cannot be used: {reason}.", DAMAGED_HINT)


def _check_version(bus: NatsBus) -> None:
    version = bus.link.client.connected_server_version
    if (version.major, version.minor) < OLDEST_SERVER:
        oldest = ".".join(str(part) for part in OLDEST_SERVER)
        raise StartError(
            f"The NATS server is older than {oldest}: {version}.", "Upgrade the cluster that bus.url names."
        )


def _events(settings: BusSettings) -> api.StreamConfig:
    return api.StreamConfig(
        name=subjects.EVENTS,
        description="Events that wait for their consumers.",
        subjects=[subjects.EVENT_SUBJECTS],
        retention=api.RetentionPolicy.INTEREST,
        discard=api.DiscardPolicy.NEW,
        max_age=settings.max_age_days * SECONDS_PER_DAY,
        max_bytes=settings.max_mb * MIB,
        duplicate_window=EVENTS_DUPLICATE_WINDOW_SECONDS,
        storage=api.StorageType.FILE,
        num_replicas=settings.replicas,
    )


def _dead_letters(settings: BusSettings) -> api.StreamConfig:
    return api.StreamConfig(
        name=subjects.DEAD,
        description="Events that a consumer gave up on.",
        subjects=[subjects.DEAD_SUBJECTS],
        retention=api.RetentionPolicy.LIMITS,
        # A full stream must not hold up the consumer that adds to it: the oldest letters go.
        discard=api.DiscardPolicy.OLD,
        max_age=settings.dead_letters_max_age_days * SECONDS_PER_DAY,
        max_bytes=settings.dead_letters_max_mb * MIB,
        duplicate_window=LETTERS_DUPLICATE_WINDOW_SECONDS,
        storage=api.StorageType.FILE,
        num_replicas=settings.replicas,
    )


async def _ensure_stream(manager: JetStreamManager, wanted: api.StreamConfig) -> None:
    # In this order: adding a stream that exists asks the server to reserve its space a second time.
    try:
        await manager.update_stream(wanted)  # pyright: ignore[reportUnknownMemberType] - its **params
    except js_errors.NotFoundError:
        # A word on an event of an earlier stream must not be taken as one on another event of this.
        wanted.first_seq = round(utc_now().timestamp() * 1_000) if wanted.name == subjects.EVENTS else None
        await manager.add_stream(wanted)  # pyright: ignore[reportUnknownMemberType] - its **params


async def _ensure_consumers(
    manager: JetStreamManager, settings: BusSettings, manifests: Mapping[ComponentName, Manifest]
) -> None:
    consumers = {name: manifest for name, manifest in manifests.items() if manifest.consumes}
    for found in await manager.consumers_info(subjects.EVENTS):
        if found.name not in consumers:
            await manager.delete_consumer(subjects.EVENTS, found.name)
    for name, manifest in consumers.items():
        await manager.add_consumer(subjects.EVENTS, _consumer(name, manifest, settings))  # pyright: ignore[reportUnknownMemberType] - its **params


def _consumer(name: ComponentName, manifest: Manifest, settings: BusSettings) -> api.ConsumerConfig:
    return api.ConsumerConfig(
        name=name,
        durable_name=name,
        deliver_subject=subjects.deliver(name),
        deliver_policy=api.DeliverPolicy.ALL,
        ack_policy=api.AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        # One at a time, or a retry would overtake what came after it.
        max_ack_pending=1,
        max_deliver=-1,
        filter_subjects=[*(subjects.of_event(event) for event in manifest.consumes), subjects.replay(name)],
        num_replicas=settings.replicas,
    )
