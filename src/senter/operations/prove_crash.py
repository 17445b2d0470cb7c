"""Proves on this machine that crashes lose nothing and double nothing: `senter prove-crash`.

In a scratch home, a real daemon carries out goals with counting tools while its processes are killed with
kill -9: at every boundary of the journal in turn, and at random instants. Whatever waits for a person is
decided as an honest person would, by looking at what the tools really did. Afterwards the journal is
compared with the counts.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from senter.client import Client
from senter.client.types import ApprovalsReply, AuditReply, GoalReply, GoalsReply
from senter.errors import CommunicationError, DaemonNotRunning, SenterError, StartError, Unavailable
from senter.operations.crash_findings import Findings, look, open_goals
from senter.operations.crash_goals import goal_text
from senter.operations.proof.counting import Effects
from senter.operations.proof.faults import FIRED, CrashFault
from senter.operations.proof.spec import STARTED_WITH, counts_folder
from senter.operations.scratch import POLL_SECONDS, ScratchDaemon, is_running, kill_all, wait_until

Target = Literal["task_engine", "nats-server", "model_research", "supervisor", "all"]

# How often each is killed, of 20: those that take a whole start to come back are the rarer ones.
TURNS: Mapping[Target, int] = {"task_engine": 13, "nats-server": 3, "model_research": 2, "supervisor": 1, "all": 1}
GOALS_AT_ONCE = 4
GOALS_WITH_MODEL = 6
"""One goal of so many asks a model."""
RANDOM_SHARE = 0.3
LONGEST_DELAY_SECONDS = 0.3
KILL_SECONDS = 30.0
END_SECONDS = 120.0
RECONNECT_SECONDS = 3.0
AWAY = (CommunicationError, DaemonNotRunning, Unavailable)
SETTINGS = """
[supervisor]
fast_limit = 1000
slow_limit = 1000
first_wait_seconds = 0.0
longest_wait_seconds = 0.0
[task_engine]
attempts = 20
quarantine_after = 20
first_wait_seconds = 0.05
[assistant]
enabled = false
[documents]
enabled = false
[models.primary]
enabled = false
"""


@dataclass(slots=True)
class Proof:
    """What was done so far, and what was found in the end."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter[str])
    """By target."""
    boundaries: Counter[str] = field(default_factory=Counter[str])
    """By the boundary at which they came; `at random` for the others."""
    findings: Findings | None = None
    seconds: float = 0.0


def prove_crash(
    home: Path, kills: int, *, seed: int | None = None, progress: Callable[[Proof], None] = lambda _: None
) -> Proof:
    """Kill so many times, then let all goals end, and look. `home` is a new, short folder that the caller removes.

    Raises `StartError` where the daemon cannot be started or goals do not end.
    """
    proof = Proof(random.SystemRandom().getrandbits(32) if seed is None else seed)
    begun = time.monotonic()
    run = _Run(home, proof)
    try:
        run.daemon.start()
        while proof.kills.total() < kills:
            run.kill_once()
            progress(proof)
        proof.findings = run.finish()
    except StartError as error:
        raise cut_short(proof, kills, error, open_goals(run.daemon.paths.database("tasks"))) from error
    finally:
        run.daemon.end()
    proof.seconds = time.monotonic() - begun
    return proof


def cut_short(proof: Proof, kills: int, error: StartError, still_open: Sequence[str]) -> StartError:
    """The same failure, with what had not ended and how to come to it again."""
    again = f"senter prove-crash --kills {kills} --seed {proof.seed}"
    left = f" Not ended: {', '.join(still_open)}." if still_open else ""
    return StartError(
        error.message, f"It came after {proof.kills.total()} kills.{left} To choose the same ones again: {again}"
    )


class _Run:
    """One daemon and its goals, from the first kill to the last."""

    def __init__(self, home: Path, proof: Proof) -> None:
        self.daemon = ScratchDaemon(home / "home", SETTINGS, STARTED_WITH)
        self.folder = counts_folder(self.daemon.paths)
        self.client = Client(self.daemon.paths, reconnect_seconds=RECONNECT_SECONDS)
        self.effects = Effects(self.folder)
        self.proof = proof
        self.accepted: list[str] = []
        self.decided = 0
        self.boundary = 0
        self._random = random.Random(proof.seed)  # noqa: S311 - so that a run can be repeated

    def kill_once(self) -> None:
        """One more goal, one kill, and everything back on its feet."""
        target = self._random.choices(list(TURNS), weights=list(TURNS.values()))[0]
        pids = self._pids_of(target)
        fired = self._fired()
        at_random = self._random.random() < RANDOM_SHARE
        if not at_random:
            wait_until(self._is_quiet, "goals do not end", END_SECONDS)
            self.boundary += 1
            CrashFault(after=self.boundary, pids=tuple(pids)).arm(self.folder)
        self._add_goal()
        if at_random:
            time.sleep(self._random.uniform(0, LONGEST_DELAY_SECONDS))
            kill_all(pids)
        elif not self._wait_for_kill(fired, pids):
            self.boundary = 0  # the goal ended before: every boundary had its turn
            return
        self.proof.kills[target] += 1
        self.proof.boundaries["at random" if at_random else self._fired()[-1]] += 1
        self._come_back(target, pids)

    def finish(self) -> Findings:
        """Let all goals end, stop the daemon and look."""
        CrashFault.disarm(self.folder)
        wait_until(lambda: self._open_goals() == 0, "goals have not ended", END_SECONDS)
        if self.client.get("/api/audit", AuditReply, verify=True, limit=0)["intact"] is not True:
            raise StartError("The audit log does not hold.")
        self.daemon.stop()
        return look(self.daemon.paths.database("tasks"), self.folder, self.accepted, self.decided)

    def _pids_of(self, target: Target) -> list[int]:
        found: dict[str, int] = {}

        def all_there() -> bool:
            self._start_again()
            found.clear()
            found.update(self.daemon.pids())
            return found.keys() >= {"task_engine", "nats-server", "model_research", "supervisor"}

        wait_until(all_there, "processes are missing", KILL_SECONDS)
        return list(found.values()) if target == "all" else [found[target]]

    def _add_goal(self) -> None:
        number = len(self.accepted) + 1
        request_id = f"goal-{number}"
        text = goal_text(number, with_model=number % GOALS_WITH_MODEL == 0)
        while True:
            try:
                self.client.post("/api/goals", GoalReply, text=text, request_id=request_id)
            except AWAY:
                self._start_again()  # nobody knows whether it was taken in; the same request makes one goal
            else:
                self.accepted.append(request_id)
                return

    def _wait_for_kill(self, fired: list[str], pids: list[int]) -> bool:
        """Whether the armed fault struck before the goals ended."""
        deadline = time.monotonic() + KILL_SECONDS
        while len(self._fired()) == len(fired):
            quiet = self._is_quiet()
            if time.monotonic() > deadline or (quiet and len(self._fired()) == len(fired)):
                CrashFault.disarm(self.folder)
                return False
            time.sleep(POLL_SECONDS)
        wait_until(lambda: not any(map(is_running, pids)), "a killed process lives", KILL_SECONDS)
        return True

    def _is_quiet(self) -> bool:
        with suppress(SenterError):
            return self._open_goals() == 0
        return False

    def _come_back(self, target: Target, pids: list[int]) -> None:
        """Start the daemon again where nobody else does, and let goals end until only a few are open."""
        if target in ("supervisor", "all"):
            self._start_again()
        wait_until(lambda: self._open_goals() < GOALS_AT_ONCE, "goals do not end", END_SECONDS)

    def _start_again(self) -> None:
        """Start the daemon if it was ended, by a kill or by a fault that struck while it was taken back."""
        with suppress(SenterError):  # it runs
            if is_running(self.daemon.pids()["supervisor"]):
                return
        self.daemon.start()

    def _open_goals(self) -> int:
        """How many goals have not ended; decides on the way what waits for a person."""
        try:
            return self._decide_and_count()
        except AWAY:
            self._start_again()
            raise

    def _decide_and_count(self) -> int:
        for approval in self.client.get("/api/approvals", ApprovalsReply)["approvals"]:
            key = approval["known"].rpartition(" ")[2].rstrip(".")
            decision = "denied" if self.effects.standing(key) else "approved"
            path = "/api/approvals/{approval_id}"
            self.client.post(path, ApprovalsReply, approval_id=approval["id"], decision=decision)
            self.decided += 1
        return self.client.get("/api/goals", GoalsReply, limit=1)["total"]

    def _fired(self) -> list[str]:
        """The boundaries at which faults struck so far."""
        path = self.folder / FIRED
        return path.read_text(encoding="utf-8").split() if path.exists() else []
