"""What runs and how well, as `senter status` shows it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from senter.fingerprint import fingerprint_of
from senter.messages.control import ComponentStatus, DaemonStatus, State
from senter.messages.goals import JobTriggered
from senter.messages.message import ComponentName
from senter.supervisor.programs import ComponentProgram
from senter.supervisor.unit import Unit
from senter.supervisor.usage import ResourceUsage, UsageReader

FRESH_SECONDS = 1.0


class StatusBoard:
    """Reads units and what their processes cost."""

    def __init__(self, units: Mapping[ComponentName, Unit]) -> None:
        self._units = units
        self._reader = UsageReader()
        self._usage: dict[int, ResourceUsage] = {}
        self._sampled_at = 0.0
        self._began = time.monotonic()
        self.code = fingerprint_of()
        """Of the files that this process was started from."""
        self.state = State.STARTING
        """The daemon's own."""
        self.settings_problem = ""
        """Why the settings file, as it was seen last, is not in use; empty while it is."""

    def sample(self) -> Mapping[ComponentName, ResourceUsage]:
        """Read what every running process costs now, at most once a second."""
        pids = {name: unit.life.child.pid for name, unit in self._units.items() if unit.life.child}
        if time.monotonic() - self._sampled_at >= FRESH_SECONDS:
            self._usage = self._reader.read(pids.values())
            self._sampled_at = time.monotonic()
        return {name: self._usage.get(pid, ResourceUsage()) for name, pid in pids.items()}

    def daemon(self) -> DaemonStatus:
        usage = self.sample()
        components = {name: _row(unit, usage.get(name, ResourceUsage())) for name, unit in self._units.items()}
        return DaemonStatus(
            state=self.state,
            pid=os.getpid(),
            uptime_seconds=round(time.monotonic() - self._began, 1),
            health_score=self.health_score(),
            components=components,
            code=self.code,
            settings_problem=self.settings_problem,
        )

    def health_score(self) -> int:
        """0-100: the share of enabled components that run and do not call themselves unhealthy."""
        enabled = [unit for unit in self._units.values() if unit.state is not State.DISABLED]
        return round(100 * sum(unit.well for unit in enabled) / len(enabled)) if enabled else 0


def _row(unit: Unit, usage: ResourceUsage) -> ComponentStatus:
    child = unit.life.child
    return ComponentStatus(
        state=unit.state,
        pid=child.pid if child else None,
        uptime_seconds=round(time.monotonic() - child.started_monotonic, 1) if child else 0.0,
        restarts=unit.restarts,
        memory_mb=usage.memory_mb,
        cpu_percent=usage.cpu_percent,
        threads=usage.threads,
        open_files=usage.open_files,
        dropped=unit.life.dropped,
        health=unit.life.health,
        reason=unit.reason,
        takes_jobs=isinstance(unit.program, ComponentProgram) and JobTriggered in unit.program.spec.receives,
    )
