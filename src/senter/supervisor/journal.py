"""What the supervisor remembers over its own restarts: failures, what was given up, restarts, runs.

A disk that refuses a write must not take the supervisor down: then the journal says so in the log and
goes on from memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import JsonValue

from senter.clock import Clock
from senter.component.threads import in_thread
from senter.errors import StoreError
from senter.messages.message import ComponentName
from senter.store.database import Database
from senter.supervisor.lock import boot_id
from senter.supervisor.settings import MOST_FAILURES

HISTORY_LENGTH = 100
SNAPSHOT_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Restart:
    """One line of the restart history."""

    at: str
    """ISO 8601, UTC."""
    unit: str
    reason: str
    outcome: str
    downtime_seconds: float | None


def settings_digest(section: Mapping[str, JsonValue]) -> str:
    """Tells whether a component's settings are still what they were."""
    return hashlib.sha256(json.dumps(section, sort_keys=True).encode()).hexdigest()


class RestartHistory:
    """The supervisor's database, with a copy of what decisions need in memory."""

    def __init__(self, database: Database, clock: Clock, log: structlog.stdlib.BoundLogger) -> None:
        self._database = database
        self._clock = clock
        self._log = log
        self._boot_id = boot_id()
        self._digests: dict[ComponentName, str] = {}
        self._failures = self._read_failures()

    async def keep_snapshots(self) -> None:
        """For ever. What is wrong with the file is logged, and mended at the next start."""
        while True:
            await self._clock.sleep(SNAPSHOT_SECONDS)
            with suppress(StoreError):
                await in_thread(self._database.snapshot_if_due)

    def set_digest(self, unit: ComponentName, digest: str) -> None:
        """Say which settings the unit runs with now."""
        self._digests[unit] = digest

    def add_failure(self, unit: ComponentName) -> list[float]:
        """Count a failure now; all remembered ones of the unit come back, ascending, in monotonic seconds."""
        failures = self._failures.setdefault(unit, [])
        failures.append(time.monotonic())
        del failures[:-MOST_FAILURES]
        self._write("INSERT INTO failures VALUES (?, ?, ?)", unit, self._boot_id, failures[-1])
        self._write("DELETE FROM failures WHERE unit = ? AND at_monotonic < ?", unit, failures[0])
        return failures

    def forget_failures(self, unit: ComponentName) -> None:
        self._failures.pop(unit, None)
        self._write("DELETE FROM failures WHERE unit = ?", unit)
        self._write("DELETE FROM given_up WHERE unit = ?", unit)

    def give_up(self, unit: ComponentName, reason: str) -> None:
        self._write("INSERT OR REPLACE INTO given_up VALUES (?, ?, ?)", unit, reason, self._digests.get(unit, ""))

    def given_up_because(self, unit: ComponentName) -> str:
        """Why the unit was given up with the settings it still has, or nothing."""
        reason = self._database.row(
            "SELECT reason FROM given_up WHERE unit = ? AND settings_digest = ?",
            (unit, self._digests.get(unit, "")),
            str,
        )
        return reason or ""

    def add_restart(self, unit: ComponentName, *, reason: str, outcome: str, downtime_seconds: float | None) -> None:
        self._write(
            "INSERT INTO restarts (at, unit, reason, outcome, downtime_seconds) VALUES (?, ?, ?, ?, ?)",
            self._clock.now().isoformat(),
            unit,
            reason[:500],
            outcome,
            downtime_seconds,
        )
        self._write(
            "DELETE FROM restarts WHERE unit = ?1 AND id NOT IN "
            "(SELECT id FROM restarts WHERE unit = ?1 ORDER BY id DESC LIMIT ?2)",
            unit,
            HISTORY_LENGTH,
        )

    def history(self, unit: ComponentName) -> list[Restart]:
        """The last restarts of a unit, the newest first."""
        return self._database.rows(
            "SELECT at, unit, reason, outcome, downtime_seconds FROM restarts WHERE unit = ? ORDER BY id DESC LIMIT ?",
            (unit, HISTORY_LENGTH),
            Restart,
        )

    def begin_run(self) -> str:
        """Note that a daemon starts. Says how the one before ended, when it did not end well."""
        cut_off = self._database.row(
            "SELECT started_at FROM runs WHERE ended_at IS NULL AND id = (SELECT max(id) FROM runs)", (), str
        )
        self._write("INSERT INTO runs (started_at, pid) VALUES (?, ?)", self._clock.now().isoformat(), os.getpid())
        self._write("DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs ORDER BY id DESC LIMIT ?)", HISTORY_LENGTH)
        if not cut_off:
            return ""
        return f"the run that began at {datetime.fromisoformat(cut_off).astimezone():%Y-%m-%d %H:%M} was cut off"

    def end_run(self) -> None:
        self._write("UPDATE runs SET ended_at = ? WHERE id = (SELECT max(id) FROM runs)", self._clock.now().isoformat())

    def _read_failures(self) -> dict[ComponentName, list[float]]:
        self._write("DELETE FROM failures WHERE boot_id != ?", self._boot_id)
        failures: dict[ComponentName, list[float]] = {}
        for unit, at in self._database.rows(
            "SELECT unit, at_monotonic FROM failures ORDER BY at_monotonic", (), _failure
        ):
            failures.setdefault(unit, []).append(at)
        return failures

    def _write(self, statement: str, *values: str | float | None) -> None:
        try:
            with self._database.transaction() as transaction:
                transaction.execute(statement, values)
        except StoreError as error:
            self._log.error("journal_write_failed", reason=error.message)


def _failure(unit: str, at_monotonic: float) -> tuple[ComponentName, float]:
    return ComponentName(unit), at_monotonic
