"""Changes jobs: another time or text, removal, and taking these back. The same request does each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter

from senter.components.scheduler import queries
from senter.components.scheduler.jobs import CONFIG, Jobs, check_name
from senter.components.scheduler.left_out import leaving_out, still_left_out
from senter.components.scheduler.records import Job
from senter.components.scheduler.schedule_store import ScheduleStore, stamp_or_none
from senter.components.scheduler.told import DONE, REOPEN, SNOOZE, is_still_to_come, stamped, told_after
from senter.components.scheduler.triggers import (
    Config,
    Once,
    Trigger,
    checked,
    cron_asked_for,
    ending,
    once_asked_for,
    recurrence_asked_for,
    trigger_type,
)
from senter.components.scheduler.work import text_part
from senter.errors import Busy, Conflict, InvalidInput, NotFound
from senter.messages.schedule import ChangeJob, JobView, ToldState, TriggerType
from senter.store.database import Value
from senter.store.stamps import stamp
from senter.text import one_line

VIEW = TypeAdapter(JobView)
KEPT_REMOVED = timedelta(days=8)
"""How long a removal can be taken back: longer than the task engine's undo reaches."""
SHOWN_CHARACTERS = 100
SKIP = "skip"
WHAT_TO_CHANGE = "Say what is to change: its time, what it is called or what it says."


@dataclass(frozen=True, slots=True)
class Change:
    """A job before and after."""

    before: JobView | None
    after: JobView | None

    @property
    def shown(self) -> JobView:
        """As it is now; one that is gone as it was."""
        found = self.after or self.before
        assert found is not None, "one of the two is there"
        return found


class JobChanges:
    """One method for each kind of change."""

    def __init__(self, store: ScheduleStore, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs

    def carry_out(self, command: ChangeJob, *, by_person: bool = False) -> Change:
        """Raises `NotFound`, `Conflict` where the job is another version now, `InvalidInput`, `Busy`."""
        if command.action == "restore":
            return self._restore(command, by_person=by_person)
        if known := self._done_before(command):
            return known
        job = self._jobs.find(command.job)
        self._check_version(job, command.version)
        if command.action == "remove":
            before = self._jobs.remove(str(job.id), command.request_id, by_person=by_person)
            return Change(before, None)
        if command.action in ("change", SKIP):
            return self._change(job, command, by_person=by_person)
        if command.action in (DONE, SNOOZE, REOPEN):
            return self._set_told(job, command, by_person=by_person)
        before = self._view(job)
        changed = self._jobs.set_enabled(job, enabled=command.action == "resume", by_person=by_person)
        if changed != job:
            values = {"id": job.id, "change_request": command.request_id, "before": before.model_dump_json()}
            with self._store.database.transaction() as tx:
                tx.execute(queries.NOTE_CHANGE, values)
        return Change(before, self._view(changed))

    def _set_told(self, job: Job, command: ChangeJob, *, by_person: bool) -> Change:
        """Of a reminder that was told; one that is told once and was not yet is not told any more."""
        if command.action == DONE and is_still_to_come(job):
            return Change(self._jobs.remove(str(job.id), command.request_id, by_person=by_person), None)
        before, state = self._view(job), told_after(job, command, self._store)
        with self._store.database.transaction() as tx:
            tx.execute(queries.SET_TOLD, {"id": job.id, **stamped(state)})
            noted = {"id": job.id, "change_request": command.request_id, "before": before.model_dump_json()}
            tx.execute(queries.NOTE_CHANGE, noted)
            after = self._view(tx.row(queries.BY_ID, (job.id,), Job) or job)
            self._jobs.tell(tx, before, after, by_person=by_person)
        self._store.wake()
        return Change(before, after)

    def _done_before(self, command: ChangeJob) -> Change | None:
        """What came of this very request, where it was made before and nothing else happened since."""
        database, request = self._store.database, (command.request_id,)
        if removed := database.row(queries.REMOVED_BY_REQUEST, request, str):
            return Change(VIEW.validate_json(removed), None)
        job = database.row(queries.CHANGED_BY_REQUEST, request, Job)
        return Change(VIEW.validate_json(job.before), self._view(job)) if job and job.before else None

    def _change(self, job: Job, command: ChangeJob, *, by_person: bool) -> Change:
        now = self._store.now()
        if job.next_run and job.next_run <= stamp(now):
            raise Busy(f"{job.name} is due right now.", "Try again in a moment.")
        before = self._view(job)
        trigger, config = self._trigger(job, command, now)
        values = {
            "id": job.id,
            "name": self._name(job, command),
            "payload": CONFIG.dump_json(payload_after(job, command)).decode(),
            "trigger_type": trigger_type(trigger).value,
            "trigger_config": CONFIG.dump_json(config).decode(),
            **self._times(job, trigger, now, moved=self._moves(command)),
            "change_request": command.request_id,
            "before": before.model_dump_json(),
        }
        with self._store.database.transaction() as tx:
            tx.execute(queries.CHANGE, values)
            if isinstance(trigger, Once) and self._moves(command):  # it is to come again: nothing of it waits
                tx.execute(queries.SET_TOLD, {"id": job.id, **stamped(ToldState())})
            after = self._view(tx.row(queries.BY_ID, (job.id,), Job) or job)
            self._jobs.tell(tx, before, after, by_person=by_person)
        self._store.wake()
        return Change(before, after)

    def _moves(self, command: ChangeJob) -> bool:
        return command.action == SKIP or any(
            asked is not None for asked in (command.cron, command.recurrence, command.at, command.was)
        )

    def _trigger(self, job: Job, command: ChangeJob, now: datetime) -> tuple[Trigger, Config]:
        zone, before = self._store.zone, CONFIG.validate_json(job.trigger_config)
        if command.action == SKIP:
            return leaving_out((job.trigger(zone), before), command.at, command.until, now, zone)
        asked = self._asked_for(job, command, now)
        return asked if command.was else still_left_out(before, asked, zone)

    def _asked_for(self, job: Job, command: ChangeJob, now: datetime) -> tuple[Trigger, Config]:
        if sum(asked is not None for asked in (command.cron, command.recurrence or command.at, command.was)) > 1:
            raise InvalidInput("A job has one trigger, and this names several.")
        if not self._moves(command) and command.name is None and command.text is None:
            raise InvalidInput(WHAT_TO_CHANGE)
        zone = self._store.zone
        if command.was is not None:
            config = command.was.trigger_config
            return checked(command.was.trigger_type, config, now, zone), config
        if command.cron is not None:
            return ending(cron_asked_for(command.cron, command.zone, now, zone), command.until, now, zone)
        if command.recurrence is not None:
            again = recurrence_asked_for(command.recurrence, command.at, command.zone, now, zone)
            return ending(again, command.until, now, zone)
        if command.at is not None:
            return once_asked_for(self._with_time(job, command.at), now, zone)
        return job.trigger(zone), CONFIG.validate_json(job.trigger_config)

    def _with_time(self, job: Job, at: str) -> str:
        """A date alone is another day at the same time."""
        before = job.trigger(self._store.zone)
        try:
            day = date.fromisoformat(at) if len(at) == len("2026-12-24") else None
        except ValueError:
            return at
        if day is None or not isinstance(before, Once):
            return at
        return datetime.combine(day, before.at.astimezone(self._store.zone).time()).isoformat()

    def _times(self, job: Job, trigger: Trigger, now: datetime, *, moved: bool) -> dict[str, Value]:
        """When it is due from now on: one that was over comes again once it is moved, one that is paused stays so."""
        was_over = job.trigger_type == TriggerType.ONCE and not job.enabled and job.next_run is None
        if not moved:
            return {"enabled": job.enabled, "next_run": job.next_run, "held_run": job.held_run}
        following = stamp_or_none(trigger.next_after(now))
        if following is None and isinstance(trigger, Once) and not was_over:
            raise Conflict(f"The time that {job.name} had is over.", "Give it another time.")
        enabled = int((was_over or bool(job.enabled)) and not (was_over and following is None))
        due = bool(enabled) or isinstance(trigger, Once)
        return {
            "enabled": enabled,
            "next_run": following if due else None,
            "held_run": None if due else following,
        }

    def _name(self, job: Job, command: ChangeJob) -> str:
        name = command.was.name if command.was else command.name
        if name is None or name.strip() == job.name:
            return job.name
        check_name(name)
        other = self._store.database.row(queries.BY_NAME, (name.strip(),), Job)
        if other and other.id != job.id:
            raise Conflict(f'There is a job "{name.strip()}" already.', "See them with: senter schedule list")
        return name.strip()

    def _restore(self, command: ChangeJob, *, by_person: bool) -> Change:
        """Have a job again that was removed. Raises `NotFound`, `Conflict` where its name is taken or its time over."""
        number = int(command.job) if command.job.isascii() and command.job.isdecimal() else 0
        if there := self._store.database.row(queries.BY_ID, (number,), Job):
            return Change(None, self._view(there))
        content = self._store.database.row(queries.REMOVED, (number,), str)
        if content is None:
            raise NotFound(f"No job {command.job[:100]} was removed lately.", "See the others: senter schedule list")
        removed = VIEW.validate_json(content)
        if self._store.database.row(queries.NAME_TAKEN, {"id": number}, int):
            raise Conflict(f'There is another job "{removed.name}" now.', "See them with: senter schedule list")
        with self._store.database.transaction() as tx:
            tx.execute(queries.RESTORE, (number,))
            tx.execute(queries.DROP_REMOVED, (number,))
            job = tx.row(queries.BY_ID, (number,), Job)
            assert job is not None, "it was just written"
            trigger, now = job.trigger(self._store.zone), self._store.now()
            following = stamp_or_none(trigger.next_after(now))
            if following is None and isinstance(trigger, Once) and removed.next_run is not None:
                raise Conflict(f"The time of {job.name} is over.", "Add a new job with: senter schedule add")
            once = isinstance(trigger, Once)
            due = bool(job.enabled) or once
            values = {"id": number, "enabled": job.enabled, "next_run": following if due else None}
            tx.execute(queries.SET_ENABLED, {**values, "held_run": None if due else following})
            after = self._view(tx.row(queries.BY_ID, (number,), Job) or job)
            self._jobs.tell(tx, None, after, by_person=by_person)
        self._jobs.restored()
        return Change(None, after)

    def forget_removed(self) -> None:
        """Those of long ago cannot be restored any more."""
        oldest = stamp(self._store.now() - KEPT_REMOVED)
        with self._store.database.transaction() as tx:
            tx.execute(queries.FORGET_REMOVED, (oldest,))

    def _check_version(self, job: Job, version: str) -> None:
        """Raises `Conflict` with what the job is now."""
        if version and version != job.version:
            now = self._view(job)
            says = next((str(now.payload[part]) for part in ("reminder", "goal") if part in now.payload), now.name)
            text = f"{job.name} was changed since: it is now {one_line(says, SHOWN_CHARACTERS)}, {now.trigger}."
            raise Conflict(text, f"See it with: senter schedule show {job.id}")

    def _view(self, job: Job) -> JobView:
        return job.view(self._store.zone)


def payload_after(job: Job, command: ChangeJob) -> Config:
    """What it is about once that is changed. Raises `InvalidInput`."""
    if command.was is not None:
        return command.was.payload
    if command.text is None:
        return job.details()
    if not command.text.strip():
        raise InvalidInput(WHAT_TO_CHANGE)
    return {**job.details(), text_part(job): command.text.strip()}
