"""Adds, finds, changes and removes jobs, and shows what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import TypeAdapter

from senter.components.scheduler import queries
from senter.components.scheduler.decide import PAUSED, missed_while_paused
from senter.components.scheduler.records import Job, RunRequest
from senter.components.scheduler.schedule_store import ScheduleStore, stamp_or_none
from senter.components.scheduler.triggers import Config, Once, Trigger, asked_for, trigger_type
from senter.components.scheduler.work import worker_of
from senter.errors import Busy, Conflict, InvalidInput, NotFound
from senter.messages.activity import REMINDER
from senter.messages.schedule import (
    MAX_NAME_CHARACTERS,
    AddJob,
    FiringView,
    JobChanged,
    JobType,
    JobView,
    RunJob,
    TriggerType,
)
from senter.store.database import Transaction, Value
from senter.store.stamps import from_stamp, stamp

T = TypeVar("T")
CONFIG: TypeAdapter[Config] = TypeAdapter(Config)
MAX_PAYLOAD_CHARACTERS = 100_000
LARGEST_ID = 2**63 - 1
STORED_AS_SAID = {"request_id", "job_type", "misfire", "overlap", "only_when_idle", "daily_limit"}
REMOVED = "it was removed"
ALIKE_WITHIN = timedelta(minutes=1)
LONGEST_ON_ITS_WAY = timedelta(days=366)
"""What was asked for longer ago is taken as asked for then."""
SEE = "See them with: senter schedule list"


class Jobs:
    """What people say about jobs. Each of these changes nothing more when it is said twice."""

    def __init__(self, store: ScheduleStore) -> None:
        self._store = store
        self._count = store.database.row(queries.COUNT, (), int) or 0

    def add(self, command: AddJob, *, built_in: bool = False, by_person: bool = False) -> Job:
        """Raises `InvalidInput`, `Conflict`, `Busy`."""
        check_name(command.name)
        known = self._store.database.row(queries.BY_REQUEST, (command.request_id,), Job)
        if known and known.name != command.name.strip():
            raise _used(command.request_id)
        if known:
            return known
        if self._count >= self._store.settings.max_jobs:
            raise Busy(f"There are {self._store.settings.max_jobs:,} jobs.", "Remove some: senter schedule remove N")
        now = self._store.now()
        asked_at = max(now - LONGEST_ON_ITS_WAY, min(command.asked_at or now, now))
        trigger, config = asked_for(command, asked_at, self._store.zone)
        if command.only_when_idle and isinstance(trigger, Once):
            message = "A job that is due once cannot wait for idle times: it would be skipped for good."
            raise InvalidInput(message, "Give it an interval or a cron expression, or leave idle out.")
        values = {
            **command.model_dump(mode="json", include=STORED_AS_SAID),
            "name": command.name.strip(),
            "component": worker_of(command),
            "trigger_type": trigger_type(trigger).value,
            "trigger_config": CONFIG.dump_json(config).decode(),
            "payload": _payload(command),
            "grace_seconds": _grace(command, self._store.settings.grace_seconds),
            "built_in": int(built_in),
            "next_run": stamp_or_none(trigger.next_after(asked_at)),
            "created_at": stamp(now),
            "preapproved_grant": command.grant.model_dump_json() if command.grant else None,
        }
        if alike := self._alike(command, values, now):
            return alike
        if self._store.database.row(queries.BY_NAME, (values["name"],), Job):
            raise Conflict(f'There is a job "{values["name"]}" already.', SEE)
        with self._store.database.transaction() as tx:
            tx.execute(queries.ADD, values)
            added = tx.row(queries.BY_REQUEST, (command.request_id,), Job)
            self.tell(tx, None, added.view(self._store.zone) if added else None, by_person=by_person)
        self._count += 1
        self._store.wake()
        return self._required(queries.BY_REQUEST, command.request_id)

    def was_added_by(self, job: Job, request_id: str) -> bool:
        """Whether that request added it, and not one like it before."""
        found = self._store.database.row(queries.BY_REQUEST, (request_id,), Job)
        return found is not None and found.id == job.id

    def find(self, named: str) -> Job:
        """By number or name. Raises `NotFound`."""
        job = self._named(named, queries.BY_NAME, queries.BY_ID, Job)
        if job is None:
            raise _unknown(named)
        return job

    def list(self, limit: int, *, kind: str = "", over: bool = False) -> tuple[list[Job], int]:
        """What was told and waits first, then the next due, then the others; and how many there are in all."""
        database, asked = self._store.database, {"kind": kind, "over": over}
        found = list[Job]()
        for query in (queries.LIST_TOLD, queries.LIST_DUE, queries.LIST_OTHERS):
            found += database.rows(query, {**asked, "limit": limit - len(found)}, Job)
        if kind:
            return found, database.row(queries.COUNT_OF_KIND, asked, int) or 0
        return found, self._count - (0 if over else database.row(queries.COUNT_OVER, (), int) or 0)

    def pause(self, named: str) -> Job:
        return self.set_enabled(self.find(named), enabled=False)

    def resume(self, named: str) -> Job:
        """Raises `Conflict` for a job whose time is over."""
        return self.set_enabled(self.find(named), enabled=True)

    def remove(self, named: str, request_id: str | None = None, *, by_person: bool = False) -> JobView:
        """Remove a job, keeping what restores it; returns it as it was. Raises `Conflict` for one of Senter's own."""
        job = self.find(named)
        if job.built_in:
            hint = f"Pause it with: senter schedule pause {job.name}"
            raise Conflict(f"{job.name} is one of Senter's own jobs and stays.", hint)
        before, now = job.view(self._store.zone), stamp(self._store.now())
        kept = {"id": job.id, "change_request": request_id, "before": before.model_dump_json(), "now": now}
        with self._store.database.transaction() as tx:
            tx.execute(queries.KEEP_REMOVED, kept)
            self.tell(tx, before, None, by_person=by_person)
            self._give_up(tx, job, REMOVED)
            for waiting in tx.rows(queries.CALLS_WAITING, (job.id,), RunRequest):
                due, request_id = from_stamp(waiting.due_at), waiting.request_id
                self._store.skip(tx, job, due, REMOVED, request_id=request_id, chain=waiting.chain)
            tx.execute(queries.REMOVE, (job.id,))
        self._count -= 1
        self._store.wake()
        return before

    def restored(self) -> None:
        """There is one more again."""
        self._count += 1
        self._store.wake()

    def tell(self, tx: Transaction, before: JobView | None, after: JobView | None, *, by_person: bool) -> None:
        """Announce what a person changed by a command; what the task engine does it has on record itself."""
        if by_person:
            self._store.announce(tx, JobChanged(before=before, after=after, zone=self._store.zone.key))

    def forget_over(self, oldest: datetime) -> int:
        """Remove some of the jobs that were over before that, and say how many."""
        with self._store.database.transaction() as tx:
            forgotten = tx.execute(queries.FORGET_OVER, (oldest.isoformat(),))
        self._count -= forgotten
        return forgotten

    def run(self, command: RunJob) -> Job:
        """Raises `Conflict` while its last run is not over, `Busy`."""
        job = self.find(command.job)
        if called := self._store.database.row(queries.CALLED, {"id": command.request_id}, int):
            if called != job.id:
                raise _used(command.request_id)
            return job
        if job.run_event and not job.overlap:
            raise Conflict(f"{job.name} is still running.", f"See: senter schedule history {job.id}")
        with self._store.database.transaction() as tx:
            if not self._store.call(tx, job, "a person said so", request_id=command.request_id):
                raise Busy(f"Too many events wait for {job.name} already.", "Try again in a minute.")
        self._store.wake()
        return job

    def became_of(self, request_id: str) -> FiringView | None:
        """What became of the run requested under that id; none while it waits to be decided."""
        return self._store.database.row(queries.FIRING_OF_REQUEST, (request_id,), FiringView)

    def history(self, named: str, limit: int) -> list[FiringView]:
        """The newest first; of all jobs where none is named. A job that was removed still has one."""
        if not named.strip():
            return self._store.database.rows(queries.HISTORY, {"limit": limit}, FiringView)
        job = self._named(named, queries.BY_NAME, queries.BY_ID, Job)
        number = job.id if job else self._named(named, queries.PAST_BY_NAME, queries.PAST_BY_ID, int)
        if number is None:
            raise _unknown(named)
        return self._store.database.rows(queries.HISTORY_OF_JOB, {"job_id": number, "limit": limit}, FiringView)

    def set_trigger(self, tx: Transaction, job: Job, trigger: Trigger, config: Config) -> None:
        """Give a job another time; a paused one stays paused, and a time that has come is decided first."""
        now = self._store.now()
        if job.next_run and job.next_run <= stamp(now):
            following = from_stamp(job.next_run)
        else:
            following = trigger.next_after(now) if job.enabled else None
        kept = CONFIG.dump_json(config).decode()
        tx.execute(queries.SET_TRIGGER, {"id": job.id, "trigger_config": kept, "next_run": stamp_or_none(following)})

    def _named(self, named: str, by_name: str, by_number: str, into: Callable[..., T]) -> T | None:
        text, database = named.strip(), self._store.database
        found = database.row(by_name, (text,), into) if _is_text(text) else None
        if found is None and text.isascii() and text.isdecimal() and int(text) <= LARGEST_ID:
            found = database.row(by_number, (int(text),), into)
        return found

    def _alike(self, command: AddJob, values: Mapping[str, Value], now: datetime) -> Job | None:
        """The same reminder, asked for less than a minute before: said twice, it is one."""
        if command.job_type is not JobType.CUSTOM or REMINDER not in command.payload:
            return None
        since = {"since": stamp(now - ALIKE_WITHIN)}
        return self._store.database.row(queries.ALIKE, {**values, **since}, Job)

    def set_enabled(self, job: Job, *, enabled: bool, by_person: bool = False) -> Job:
        """Pause or resume. Raises `Conflict` for a job whose time is over."""
        once = job.trigger_type == TriggerType.ONCE
        if once and not job.enabled and job.next_run is None:
            raise Conflict(f"The time of {job.name} is over.", "Add a new job with: senter schedule add")
        if bool(job.enabled) == enabled:
            return job
        following = stamp_or_none(job.trigger(self._store.zone).next_after(self._store.now()))
        # A paused once job is still due, to be skipped on record; others keep the first time that passes them by.
        times = (following, None) if enabled or once else (None, following)
        values = {"id": job.id, "enabled": int(enabled), "next_run": times[0], "held_run": times[1]}
        with self._store.database.transaction() as tx:
            self._give_up(tx, job, PAUSED)
            tx.execute(queries.SET_ENABLED, values)
            changed = tx.row(queries.BY_ID, (job.id,), Job) or job
            zone = self._store.zone
            self.tell(tx, job.view(zone), changed.view(zone), by_person=by_person)
        self._store.wake()
        return self._required(queries.BY_ID, job.id)

    def _give_up(self, tx: Transaction, job: Job, reason: str) -> None:
        """Put on record that times which have come, and are not decided yet, come to nothing."""
        due, now = job.held_run or job.next_run, self._store.now()
        if due and due <= stamp(now):
            paused = not job.enabled and missed_while_paused(job.trigger(self._store.zone), from_stamp(due), now)
            self._store.skip(tx, job, from_stamp(due), paused or reason)

    def _required(self, query: str, key: str | int) -> Job:
        job = self._store.database.row(query, (key,), Job)
        assert job is not None, "it was just written"
        return job


def _used(request_id: str) -> Conflict:
    return Conflict(f"The request id {request_id} was used for another job.", "Choose a new request id for a new one.")


def _unknown(named: str) -> NotFound:
    return NotFound(f'There is no job "{named.strip()[:MAX_NAME_CHARACTERS]}".', SEE)


def check_name(name: str) -> None:
    """Raises `InvalidInput`."""
    name = name.strip()
    if not name.isprintable() or "/" in name:
        raise InvalidInput(f"A job's name is one line of 1 to {MAX_NAME_CHARACTERS} characters, without a slash.")
    if name.isdecimal():
        raise InvalidInput(f"A job cannot be called {name}: numbers name jobs already.", "Add a word to the name.")


def _payload(command: AddJob) -> str:
    text = CONFIG.dump_json(command.payload).decode()
    if len(text) > MAX_PAYLOAD_CHARACTERS:
        raise InvalidInput(f"The payload of a job has at most {MAX_PAYLOAD_CHARACTERS:,} characters.")
    return text


def _grace(command: AddJob, usual: float) -> float:
    seconds = usual if command.grace_seconds is None else command.grace_seconds
    if seconds > 366 * 86_400:
        raise InvalidInput("A grace time is 0 seconds to a year.")
    return seconds


def _is_text(text: str) -> bool:
    return "\x00" not in text and text.encode(errors="replace").decode() == text
