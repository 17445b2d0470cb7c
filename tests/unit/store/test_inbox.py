from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog
from pydantic import Field

from senter.component.testing import FakeClock
from senter.errors import CorruptDatabase, InvalidInput, StorageFull
from senter.messages.consumed import ConsumerOutcome
from senter.messages.message import Event, MessageId
from senter.store.database import Database, Transaction
from senter.store.inbox import Inbox

OpenDatabase = Callable[[], Database]
LIMIT = 5
EVENT, OLD, FAILED, NEW = (MessageId(name) for name in ("event", "old", "failed", "new"))


class Noted(Event):
    wire_name = "noted"
    text: str = Field(default="note", description="What.")


class KilledError(BaseException):
    """Stands for kill -9: nothing catches it, and nothing after it runs."""


def inbox_on(database: Database, clock: FakeClock) -> Inbox:
    log = structlog.stdlib.get_logger()
    return Inbox(database, attempts_limit=LIMIT, keep=timedelta(days=30), clock=clock, log=log)


def write(transaction: Transaction, event: Event) -> None:
    transaction.execute("INSERT INTO notes (text) VALUES (?)", (event.wire_name,))


def write_then(error: BaseException) -> Callable[[Transaction, Event], None]:
    def effect(transaction: Transaction, event: Event) -> None:
        write(transaction, event)
        raise error

    return effect


def count(database: Database) -> int | None:
    return database.row("SELECT count(*) FROM notes", (), int)


def test_an_event_delivered_twice_has_its_effect_once(open_database: OpenDatabase, clock: FakeClock) -> None:
    event = Noted()
    with open_database() as database:
        inbox = inbox_on(database, clock)
        assert inbox.take(EVENT, event, write).outcome is ConsumerOutcome.DONE
        assert inbox.take(EVENT, event, write).outcome is ConsumerOutcome.DONE
        assert inbox.take(EVENT, event, write, replayed=True).outcome is ConsumerOutcome.DONE
        assert count(database) == 1


def test_a_failing_event_is_given_up_after_the_last_attempt_with_its_error(
    open_database: OpenDatabase, clock: FakeClock
) -> None:
    event = Noted()
    with open_database() as database:
        inbox = inbox_on(database, clock)
        intakes = [inbox.take(EVENT, event, write_then(InvalidInput("No such thing."))) for _ in range(LIMIT)]
        assert [intake.outcome for intake in intakes] == [ConsumerOutcome.RETRY] * (LIMIT - 1) + [
            ConsumerOutcome.GIVEN_UP
        ]
        assert [intake.attempts for intake in intakes] == [1, 2, 3, 4, 5]
        assert intakes[-1].error == "No such thing."
        assert count(database) == 0


def test_a_given_up_event_is_not_tried_again_until_it_is_replayed(
    open_database: OpenDatabase, clock: FakeClock
) -> None:
    event = Noted()
    with open_database() as database:
        inbox = inbox_on(database, clock)
        for _ in range(LIMIT):
            inbox.take(EVENT, event, write_then(ValueError("bad")))
        again = inbox.take(EVENT, event, write)
        assert (again.outcome, again.attempts, again.error) == (ConsumerOutcome.GIVEN_UP, LIMIT, "ValueError: bad")
        assert inbox.take(EVENT, event, write, replayed=True).outcome is ConsumerOutcome.DONE
        assert count(database) == 1


def test_an_attempt_that_kills_the_process_counts(open_database: OpenDatabase, clock: FakeClock) -> None:
    event = Noted()
    for _ in range(LIMIT):
        with open_database() as database, pytest.raises(KilledError):
            inbox_on(database, clock).take(EVENT, event, write_then(KilledError()))
    with open_database() as database:
        intake = inbox_on(database, clock).take(EVENT, event, write)
        assert intake.outcome is ConsumerOutcome.GIVEN_UP
        assert intake.error == "the process ended while it took the event in"
        assert count(database) == 0


def test_a_replay_that_kills_the_process_every_time_is_given_up_too(
    open_database: OpenDatabase, clock: FakeClock
) -> None:
    event = Noted()
    with open_database() as database:
        for _ in range(LIMIT):
            inbox_on(database, clock).take(EVENT, event, write_then(ValueError("bad")))
    deliveries = 0
    with open_database() as database:
        inbox = inbox_on(database, clock)
        while True:
            deliveries += 1
            assert deliveries < 20, "the replay is delivered for ever"
            try:
                intake = inbox.take(EVENT, event, write_then(KilledError()), replayed=deliveries > 0)
            except KilledError:
                continue
            assert intake.outcome is ConsumerOutcome.GIVEN_UP
            break
    assert deliveries == LIMIT + 1


def test_a_full_disk_is_no_attempt(open_database: OpenDatabase, clock: FakeClock) -> None:
    event = Noted()
    with open_database() as database:
        inbox = inbox_on(database, clock)
        for _ in range(LIMIT * 2):
            assert (
                inbox.take(EVENT, event, write_then(StorageFull("The disk is full."))).outcome is ConsumerOutcome.RETRY
            )
        assert inbox.take(EVENT, event, write).outcome is ConsumerOutcome.DONE
        assert count(database) == 1


def test_damage_is_no_fault_of_the_event(open_database: OpenDatabase, clock: FakeClock) -> None:
    with open_database() as database, pytest.raises(CorruptDatabase):
        inbox_on(database, clock).take(EVENT, Noted(), write_then(CorruptDatabase("Damaged.")))


def test_what_is_too_old_to_come_again_is_forgotten(open_database: OpenDatabase, clock: FakeClock) -> None:
    old, failed, new = Noted(), Noted(), Noted()
    with open_database() as database:
        inbox = inbox_on(database, clock)
        inbox.take(OLD, old, write)
        inbox.take(FAILED, failed, write_then(ValueError("bad")))
        clock.elapse(timedelta(days=31).total_seconds())
        inbox.take(NEW, new, write)
        inbox.prune()
        assert database.rows("SELECT event_id FROM inbox_processed", (), str) == [NEW]
        assert database.rows("SELECT event_id FROM inbox_attempts", (), str) == []
