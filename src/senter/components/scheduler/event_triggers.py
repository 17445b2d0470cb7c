"""Takes in durable events: some make jobs run, some tell that a run is over. Each has its effect exactly once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from senter.components.scheduler import queries
from senter.components.scheduler.defaults import DAILY_DIGEST, digest_config
from senter.components.scheduler.jobs import Jobs
from senter.components.scheduler.records import Job, Origin
from senter.components.scheduler.schedule_store import FOLLOWED_SINCE, ScheduleStore
from senter.components.scheduler.spec import EVENTS
from senter.components.scheduler.triggers import OnEvent
from senter.errors import InvalidInput
from senter.messages.activity import ActivityLogged
from senter.messages.envelope import Envelope, current
from senter.messages.message import Event
from senter.messages.reports import DigestTimeSet
from senter.messages.schedule import FiringOutcome
from senter.store.database import Transaction
from senter.store.stamps import stamp

GOAL_ENDED = "goal_completed"
NOT_TOLD = "not told"
LATEST = "9999"
"""Later than every moment."""
BY_WIRE_NAME = {event.wire_name: event for event in EVENTS}


MOST_LINKS = 5
"""Ten jobs on one event would otherwise run each other in every order there is."""


class EventTriggers:
    """Every effect runs inside the transaction that marks its event as taken in."""

    def __init__(self, store: ScheduleStore, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs

    def happened(self, tx: Transaction, event: Event) -> None:
        """Call the jobs that wait for such an event."""
        for job in tx.rows(queries.ON_EVENTS, (), Job):
            trigger = job.trigger(self._store.zone)
            if isinstance(trigger, OnEvent) and trigger.event == event.wire_name and fits(event, trigger.where):
                self._call(tx, job, event)

    def activity(self, tx: Transaction, event: ActivityLogged) -> None:
        """A goal that a job began is over when the task engine says so."""
        if event.kind == GOAL_ENDED:
            self.ended(tx, current().correlation, str(event.details.get("status", "")))
        self.happened(tx, event)

    def digest_time(self, tx: Transaction, event: DigestTimeSet) -> None:
        """The reporter's settings say when the daily digest is due."""
        job = tx.row(queries.BY_NAME, (DAILY_DIGEST,), Job)
        if job:
            self._jobs.set_trigger(tx, job, *digest_config(event.time, event.days, self._store.zone))
            self._store.wake()

    def ended(self, tx: Transaction, event_id: str, status: str) -> None:
        """The run that the event with this id began is over."""
        tx.execute(queries.END_FIRING, {"event_id": event_id, "status": status, "now": stamp(self._store.now())})
        if tx.execute(queries.END_RUN, (event_id,)):
            self._store.wake()

    def forget_runs(self) -> None:
        """After a fall-back: the ends of runs that began before may have been told, and are not told again."""
        with self._store.database.transaction() as tx:
            tx.execute(queries.SET_FACT, (FOLLOWED_SINCE, stamp(self._store.now())))
            for event_id in tx.rows(queries.LONG_RUNS, (LATEST,), str):
                self.ended(tx, event_id, NOT_TOLD)

    def _call(self, tx: Transaction, job: Job, event: Event) -> None:
        """Unless it came of the job's own work; and of the word that it was skipped nothing more comes at all."""
        now = self._store.now()
        origin = tx.row(queries.ORIGIN, (current().correlation,), Origin) or Origin()
        if origin.skips > 1:  # jobs that are skipped would tell each other so in every order there is
            return
        reason = ""
        if job.is_in(origin.chain):
            reason = f"{event.wire_name} came of this job itself"
        elif origin.links >= MOST_LINKS:
            reason = f"{event.wire_name} came of {MOST_LINKS} jobs that started each other"
        if reason:
            if origin.outcome == FiringOutcome.FIRED:
                self._store.skip(tx, job, now, reason, chain=origin.chain)
        elif not self._store.call(tx, job, f"{event.wire_name} came", chain=origin.chain):
            self._store.skip(tx, job, now, "too many events wait already", chain=origin.chain)
        self._store.wake()


def fits(event: Event, where: Mapping[str, str]) -> bool:
    """Whether the event's fields have those values; `details.topic` looks into a field that has fields."""
    fields = current().around(event)
    return all(in_text(_field(fields, name)) == value for name, value in where.items())


def check_event(named: str, where: Iterable[str]) -> None:
    """Raises `InvalidInput` for an event or a field that there is not."""
    event = BY_WIRE_NAME.get(named)
    if event is None:
        names = ", ".join(sorted(BY_WIRE_NAME))
        close = difflib.get_close_matches(named, BY_WIRE_NAME, n=1)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise InvalidInput(f'Unknown event "{named[:80]}".{meant}', f"There are: {names}")
    for name in where:
        if name.partition(".")[0] not in {*event.model_fields, *Envelope().as_json()}:
            known = ", ".join(event.model_fields)
            raise InvalidInput(f'{named} has no field "{name[:80]}".', f"It has: {known}")


def in_text(value: JsonValue) -> str:
    """As people write it in a filter."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _field(fields: Mapping[str, JsonValue], name: str) -> JsonValue:
    first, _, rest = name.partition(".")
    value = fields.get(first)
    if not rest:
        return value
    return _field(value, rest) if isinstance(value, dict) else None
