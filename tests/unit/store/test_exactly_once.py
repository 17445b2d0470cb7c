"""Crash anywhere between one owner's transaction and another's: each event still has its effect exactly once."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from senter.bus.jetstream import StreamState
from senter.component.testing import FakeClock
from senter.messages.consumed import ConsumerOutcome
from senter.messages.envelope import Envelope, caused_by, current
from senter.messages.message import Event, new_message_id
from senter.store.database import Database, Transaction
from senter.store.inbox import Inbox
from senter.store.outbox import Outbox

EVENTS = 8
Crashes = Iterator[bool]


class KilledError(BaseException):
    """Stands for kill -9 at one point."""


class Noted(Event):
    wire_name = "noted"


class Stream:
    """A durable stream with one consumer: keeps what it acknowledged, delivers until it is acknowledged."""

    def __init__(self, crashes: Crashes) -> None:
        self.kept: list[tuple[Event, Envelope]] = []
        self.crashes = crashes

    async def publish(self, event: Event, envelope: Envelope) -> int:
        self.crash_point()
        self.kept.append((event, envelope))
        self.crash_point()
        return len(self.kept)

    async def look(self) -> StreamState:
        return StreamState(created="the only", first=len(self.kept) + 1, last=len(self.kept))

    def crash_point(self) -> None:
        if next(self.crashes, False):
            raise KilledError


class Side:
    """One process with its file; what survives it is the file."""

    def __init__(self, stack: ExitStack, path: Path, owner: str, stream: Stream) -> None:
        log, clock = structlog.stdlib.get_logger(), FakeClock()
        self.stream = stream
        self.database = stack.enter_context(
            Database.open(path, migrations=owner, snapshots=path.parent / "snapshots", clock=clock, log=log)
        )
        self.outbox = Outbox(self.database, stream.publish, stream.look, (Noted,), clock, log)
        self.inbox = Inbox(self.database, attempts_limit=1_000, keep=timedelta(days=1), clock=clock, log=log)

    def decide(self) -> None:
        """Change own state and announce it."""
        with self.database.transaction() as transaction:
            named = new_message_id()
            transaction.execute("INSERT INTO notes (text) VALUES (?)", (named,))
            self.stream.crash_point()
            self.outbox.add(transaction, Noted(), named=named)
            self.stream.crash_point()
        self.stream.crash_point()

    def learn(self, event: Event, envelope: Envelope) -> None:
        with caused_by(envelope):
            assert self.inbox.take(envelope.id, event, self._effect).outcome is ConsumerOutcome.DONE
        self.stream.crash_point()

    def notes(self) -> list[str]:
        return self.database.rows("SELECT text FROM notes ORDER BY id", (), str)

    def _effect(self, transaction: Transaction, event: Event) -> None:
        self.stream.crash_point()
        transaction.execute("INSERT INTO notes (text) VALUES (?)", (current().id,))
        self.stream.crash_point()


@given(crashes=st.lists(st.integers(min_value=0, max_value=12), max_size=12))
@settings(max_examples=60)
def test_every_decided_event_is_learned_exactly_once_and_in_order(owner_name: str, crashes: list[int]) -> None:
    """`crashes` says how many points pass before each crash."""
    points = iter([step for calm in crashes for step in [False] * calm + [True]])
    with tempfile.TemporaryDirectory() as folder:
        stream = Stream(points)
        decided = _run_sender(Path(folder), owner_name, stream)
        learned = _run_receiver(Path(folder), owner_name, stream)
    assert learned == decided
    assert len(decided) == EVENTS


def _run_sender(folder: Path, owner: str, stream: Stream) -> list[str]:
    while True:
        with ExitStack() as stack:
            side = Side(stack, folder / "sender.db", owner, stream)
            try:
                while len(side.notes()) < EVENTS:
                    side.decide()
                asyncio.run(side.outbox.drain())
            except KilledError:
                continue
            return side.notes()


def _run_receiver(folder: Path, owner: str, stream: Stream) -> list[str]:
    position = 0
    while True:
        with ExitStack() as stack:
            side = Side(stack, folder / "receiver.db", owner, stream)
            try:
                while position < len(stream.kept):
                    side.learn(*stream.kept[position])
                    position += 1
            except KilledError:
                continue
            return side.notes()
