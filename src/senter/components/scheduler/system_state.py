"""Looks around before jobs are decided: which components cannot work, and whether Senter is idle."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from senter.bus.bus import Bus
from senter.components.scheduler.decide import Surroundings
from senter.components.scheduler.records import Job
from senter.components.scheduler.schedule_store import ScheduleStore
from senter.errors import SenterError
from senter.messages.control import ComponentStatus, GetDaemonStatus, State
from senter.messages.goals import ListGoals, Status

# How long an answer about components is good for.
FRESH_SECONDS = 10.0
PATIENCE_SECONDS = 2.0
GOALS_LOOKED_AT = 100
AT_WORK = frozenset({Status.PENDING, Status.PLANNING, Status.IN_PROGRESS})


class SystemState:
    """Asks others, within two seconds; who does not answer is taken to be there."""

    def __init__(self, bus: Bus, store: ScheduleStore) -> None:
        self._bus = bus
        self._store = store
        self._components: Mapping[str, ComponentStatus] = {}
        self._asked_at: float | None = None
        self._last_question: float | None = None

    async def look(self, jobs: Collection[Job]) -> Surroundings:
        """What there is to know for deciding `jobs`."""
        workers = {job.component for job in jobs}
        components = await self._status()
        away = {name: _why_away(name, components) if components else "" for name in workers}
        jobless = [name for name, status in components.items() if not status.takes_jobs]
        busy = await self._busy() if any(job.only_when_idle for job in jobs) else None
        settings = self._store.settings
        return Surroundings(self._store.now(), self._store.zone, away, jobless, busy, settings.interests)

    def question_answered(self) -> None:
        """Somebody asked something just now."""
        self._last_question = self._store.clock.monotonic()

    async def _status(self) -> Mapping[str, ComponentStatus]:
        now = self._store.clock.monotonic()
        if self._asked_at is not None and now - self._asked_at < FRESH_SECONDS:
            return self._components
        try:
            status = await self._bus.request(GetDaemonStatus(), timeout_seconds=PATIENCE_SECONDS)
        except SenterError as error:
            self._store.log.warning("components_unknown", reason=error.message)
            self._components = {}
        else:
            self._components = {str(name): status for name, status in status.components.items()}
        self._asked_at = now
        return self._components

    async def _busy(self) -> str:
        minutes = self._store.settings.idle_minutes
        asked = self._last_question
        if asked is not None and self._store.clock.monotonic() - asked < timedelta(minutes=minutes).total_seconds():
            return f"a question was answered less than {minutes:g} min ago"
        try:
            reply = await self._bus.request(ListGoals(limit=GOALS_LOOKED_AT), timeout_seconds=PATIENCE_SECONDS)
        except SenterError as error:
            return f"the task engine does not say what it does ({error.message})"
        at_work = (goal.id for goal in reply.goals if goal.status in AT_WORK and not goal.paused)
        return next((f"goal {number} is being worked on" for number in at_work), "")


def _why_away(name: str, components: Mapping[str, ComponentStatus]) -> str:
    if name not in components:
        return f"there is no component {name}"
    return f"{name} is disabled" if components[name].state is State.DISABLED else ""
