"""Deliveries of a daemon that is killed and whose databases fall back, counted where they arrive.

Reminders and goals fall due all the while, and each tells a local target something that nothing else tells. Run as a
program it takes the figure: python -P -m tests.support.deliveries --kills 200 --fall-backs 20
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from senter.client.types import AuditReply, GoalsReply, JobReply, NotificationsReply
from senter.clock import SystemClock
from senter.errors import InvalidInput, SenterError
from senter.operations.proof.spec import STARTED_WITH
from senter.operations.scratch import wait_until
from senter.store.snapshots import Snapshots
from tests.support.daemon import in_a_thread, quick_settings, short_home, wait_until_none_is_left
from tests.support.falling_back import wreck
from tests.support.notification_target import NotificationTarget, notification_target
from tests.support.scratch import KILL, ScratchDaemon, scratch_daemon

DAEMON = "supervisor"
EVERYTHING = "everything"
KILLED = ("scheduler", "reporter", "task_engine", "nats-server", DAEMON, EVERYTHING)
OWNERS = {"schedule": "scheduler", "activity": "reporter", "tasks": "task_engine"}
# What a file that fell back no longer knows, by the names that the course gives.
KNOWN = {
    "schedule": "SELECT name FROM jobs",
    "tasks": "SELECT text FROM goals",
    "activity": "SELECT body FROM notifications",
}
ADD_EVERY_SECONDS = 0.5
LONGEST_LEAD_SECONDS = 4
SETTLE_SECONDS = 60.0
ANSWER_SECONDS = 30.0


@dataclass
class Tally:
    """What came of a course."""

    kills: int = 0
    fall_backs: int = 0
    snapshots_taken_up: int = 0
    """What was harmed was harmed wholly: nothing else is there to go on from."""
    damage_found: int = 0
    """By the store: as often as there was some."""
    told: int = 0
    """Texts that were to arrive."""
    arrived: int = 0
    doubled: int = 0
    """Arrivals beyond the first of the same text."""
    unknown: int = 0
    """Cut off while they were sent, and said to be."""
    lost_in_fall_backs: int = 0
    """Of what the file that fell back knew and its snapshot did not."""
    lost: int = 0
    streams_made_anew: int = 0
    """Nobody harmed the event stream: it must not be taken for lost."""
    seconds: float = 0.0
    examples: list[str] = field(default_factory=list[str])
    audit: list[str] = field(default_factory=list[str])
    """What a plain verify finds missing in the audit log at the end."""


@dataclass(frozen=True)
class Item:
    """One job, and what it tells."""

    name: str
    goal: str
    text: str
    """Told once it is done."""

    def texts(self, goals: Mapping[str, int]) -> tuple[str, ...]:
        """All that is told of it; a goal is told by its number, which `goals` has by what they say."""
        return (self.text, f"Goal {goals.get(self.goal, '?')}: count_pure x") if self.goal else (self.text,)

    def is_among(self, lost: set[str], goals: Mapping[str, int]) -> bool:
        return bool(lost & {self.name, self.goal, *self.texts(goals)})


def item(number: int) -> Item:
    """Every third is a goal."""
    name = f"delivery-{number}"
    if number % 3:
        return Item(name, "", f"Reminder: {name}")
    goal = f'plan: {{"tasks": [{{"description": "do {name}.", "tool": "count_pure"}}]}}'
    return Item(name, goal, f"Completed: do {name}.")


class Course:
    """One daemon and its jobs; what happens to it is said from outside."""

    def __init__(self, daemon: ScratchDaemon, target: NotificationTarget, seed: int = 1) -> None:
        self.daemon = daemon
        self.target = target
        self.tally = Tally()
        self._random = Random(seed)  # noqa: S311 - spreads kills, guards nothing
        self._items: list[Item] = []
        self._lost: set[str] = set()
        self._enough = threading.Event()

    @contextmanager
    def jobs_falling_due(self) -> Generator[None]:
        """Add jobs all the while, each until it is accepted."""
        adding = threading.Thread(target=self._add_on_and_on)
        adding.start()
        try:
            yield
        finally:
            self._enough.set()
            adding.join()

    def kill(self, name: str) -> None:
        """Kill -9, at no moment in particular, and wait until it is back."""
        self.pause()
        self.tally.kills += 1
        pid = self._kill_everything() if name == EVERYTHING else self.daemon.kill(name)
        if name in (DAEMON, EVERYTHING):
            wait_until_none_is_left(self.daemon.paths.home, 30)
            self.daemon.start()
        else:
            self.daemon.wait_for(name, "running", not_pid=pid)

    def fall_back(self, name: str) -> None:
        """Have a database fall back by a few seconds, under an owner that was killed. Its supervisor stands still
        meanwhile, so that no successor comes too early."""
        paths, owner = self.daemon.paths, OWNERS[name]
        snapshot = Snapshots(paths.snapshots, name, SystemClock()).take(paths.database(name))
        self.pause(2.0)
        self.tally.fall_backs += 1
        supervisor, pid = self.daemon.pids()[DAEMON], self.daemon.pid(owner)
        os.kill(supervisor, signal.SIGSTOP)
        try:
            os.kill(pid, KILL)
            _wait_until_dead(pid)
            self._lost |= _known(name, paths.database(name)) - _known(name, snapshot)
            wreck(paths, name)
        finally:
            os.kill(supervisor, signal.SIGCONT)
        self.daemon.wait_for(owner, "running", not_pid=pid)

    def _kill_everything(self) -> int:
        """The supervisor first, so that it replaces nobody."""
        pids = self.daemon.pids()
        supervisor = pids.pop(DAEMON)
        for pid in (supervisor, *pids.values()):
            with suppress(ProcessLookupError):
                os.kill(pid, KILL)
        return supervisor

    def pause(self, most_seconds: float = 1.0) -> None:
        time.sleep(self._random.uniform(0, most_seconds))

    def count(self) -> Tally:
        """Wait until all has arrived, or nothing more will, and count."""
        with suppress(SenterError):
            wait_until(lambda: not self._missing(), "something is missing", SETTLE_SECONDS)
        counts = Counter(told.message for told in self.target.told)
        missing = self._missing()
        goals = self._goals()
        expected = [text for one in self._items for text in one.texts(goals)]
        self.tally.told = len(expected)
        self.tally.arrived = sum(counts[text] > 0 for text in expected)
        self.tally.doubled = sum(count - 1 for count in counts.values())
        self.tally.lost = len(missing)
        doubled = [text for text, count in counts.items() if count > 1]
        self.tally.examples = [*missing, *doubled][:10]
        self.tally.audit = self.daemon.client.get("/api/audit", AuditReply, verify=True, limit=0)["missing"]
        self.tally.streams_made_anew = self.daemon.paths.log("supervisor").read_text().count("event_stream_lost")
        # Errors are in health.log once more.
        lines = [line for log in self.daemon.paths.logs.glob("*.log") for line in _damage_in(log)]
        found = {line["set_aside"]: line for line in lines}.values()
        self.tally.damage_found = len(found)
        self.tally.snapshots_taken_up = sum(bool(line["snapshot"]) and line["rows_missing"] is None for line in found)
        return self.tally

    def _missing(self) -> list[str]:
        arrived = {told.message for told in self.target.told}
        unknown, missing, lost = set[str](), list[str](), 0
        for notification in self.daemon.client.get("/api/notifications", NotificationsReply, limit=1_000)[
            "notifications"
        ]:
            if any(delivery["state"] in ("unknown", "given_up") for delivery in notification["deliveries"]):
                unknown.add(notification["body"])
        goals = self._goals()
        for one in self._items:
            away = [text for text in one.texts(goals) if text not in arrived]
            if one.is_among(self._lost, goals):
                lost += len(away)
            else:
                missing += [text for text in away if text not in unknown]
        self.tally.unknown, self.tally.lost_in_fall_backs = len(unknown - arrived), lost
        return missing

    def _goals(self) -> dict[str, int]:
        """The numbers of goals by what they say."""
        return {
            goal["text"]: goal["id"] for goal in self.daemon.client.get("/api/goals", GoalsReply, all=True)["goals"]
        }

    def _add_on_and_on(self) -> None:
        number = 0
        while not self._enough.wait(ADD_EVERY_SECONDS):
            number += 1
            self._add(item(number))

    def _add(self, one: Item) -> None:
        work: dict[str, object] = {"goal": one.goal} if one.goal else {"reminder": one.name}
        kind = "goal" if one.goal else "custom"
        lead = self._random.uniform(1.5, LONGEST_LEAD_SECONDS)
        ends_at = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < ends_at:
            try:
                self.daemon.client.post(
                    "/api/schedule/jobs",
                    JobReply,
                    request_id=one.name,
                    name=one.name,
                    job_type=kind,
                    payload=work,
                    in_seconds=lead,
                )
            except InvalidInput:
                raise
            except SenterError:  # nobody is there just now
                time.sleep(0.05)
            else:
                self._items.append(one)
                return


@contextmanager
def course(seed: int = 1) -> Generator[Course]:
    """A daemon whose notifications come to a target in this process."""
    with (
        short_home() as home,
        in_a_thread(notification_target()) as target,
        scratch_daemon(home, _settings(target), STARTED_WITH) as daemon,
    ):
        yield Course(daemon, target, seed)


def run(kills: int, fall_backs: int, seed: int = 1) -> Tally:
    """So many kills and fall-backs, spread among each other, each of the next in turn."""
    begun = time.monotonic()
    with course(seed) as at_work:
        with at_work.jobs_falling_due():
            for number in range(kills):
                at_work.kill(KILLED[number % len(KILLED)])
                if (number + 1) * fall_backs // kills > at_work.tally.fall_backs:
                    at_work.fall_back(list(OWNERS)[at_work.tally.fall_backs % len(OWNERS)])
        tally = at_work.count()
    tally.seconds = round(time.monotonic() - begun, 1)
    return tally


def _settings(target: NotificationTarget) -> str:
    told = {"desktop": False, "threshold": "normal", "retry_seconds": 0.2}
    settings = quick_settings(reporter=told)
    return settings.replace("[reporter]", f"[reporter]\ntargets = {json.dumps([target.url])}")


def _known(name: str, database: Path) -> set[str]:
    """Of a copy, because looking changes a file; its -wal belongs to it."""
    copy = database.with_name(f"looked-at-{name}.db")
    shutil.copyfile(database, copy)
    wal = database.with_name(f"{database.name}-wal")
    if wal.exists():
        shutil.copyfile(wal, copy.with_name(f"{copy.name}-wal"))
    try:
        with closing(sqlite3.connect(copy)) as connection:
            return {text for (text,) in connection.execute(KNOWN[name])}
    finally:
        for path in copy.parent.glob(f"{copy.name}*"):
            path.unlink()


def _damage_in(log: Path) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in log.read_text().splitlines() if '"database_corrupt"' in line]
    return [line for line in lines if line["event"] == "database_corrupt"]


def _wait_until_dead(pid: int) -> None:
    """Its parent stands still and does not bury it."""

    def dead() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return True

    wait_until(dead, "it did not die", 10)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--fall-backs", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    print(json.dumps(asdict(run(chosen.kills, chosen.fall_backs, chosen.seed)), indent=1))


if __name__ == "__main__":
    main()
