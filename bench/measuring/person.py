"""A person at a running daemon, over HTTP: says something, reads the answer, looks at what exists since."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from measuring.http import Caller
from senter.messages.conversations import TurnState
from senter.messages.documents import FoldersReply
from senter.messages.goals import GoalsReply
from senter.messages.schedule import JobsReply
from senter.messages.turns import TurnReply
from senter.operations.scratch import wait_until
from senter.paths import Paths
from tests.support.what_exists import Existing, entries_of, goals_that_exist, jobs_that_exist

ANSWER_SECONDS = 240.0
INDEX_SECONDS = 60.0
WORK_SECONDS = 180.0
LOOK_SECONDS = 0.1
WORKING = frozenset({"active", "pending"})
TURN, GOALS = TypeAdapter(TurnReply), TypeAdapter(GoalsReply)
JOBS, FOLDERS = TypeAdapter(JobsReply), TypeAdapter(FoldersReply)


class PersonAtDaemon:
    """Everything is said in a conversation of its own, unless one is named."""

    def __init__(self, caller: Caller, paths: Paths, zone: ZoneInfo) -> None:
        self._caller = caller
        self._paths = paths
        self._zone = zone

    def shows_folder(self, folder: Path) -> None:
        """Have a folder of documents indexed, and wait until it is."""
        self._caller.post("/api/documents", {"path": str(folder)})
        wait_until(self._all_indexed, "the documents are not indexed", INDEX_SECONDS)

    def says(self, text: str, conversation_id: str | None = None) -> TurnReply:
        """Say it, and wait until it is answered, or why it is not is known."""
        body = {"text": text, **({"conversation_id": conversation_id} if conversation_id else {})}
        turn = TURN.validate_json(self._caller.post("/api/turns", body))
        ends_at = time.monotonic() + ANSWER_SECONDS
        while turn.state is TurnState.ANSWERING and time.monotonic() < ends_at:
            time.sleep(LOOK_SECONDS)
            turn = TURN.validate_json(self._get(f"/api/turns/{turn.id}"))
        return turn

    def what_exists(self) -> list[Existing]:
        return [
            *jobs_that_exist(JOBS.validate_json(self._get("/api/schedule/jobs")).jobs, self._zone),
            *goals_that_exist(GOALS.validate_json(self._get("/api/goals")).goals, self._zone),
            *entries_of(self._paths.data / "calendar.ics", self._zone),
        ]

    def texts(self) -> dict[Path, str]:
        """Everything that was written: results, drafts, notes."""
        return {file: file.read_text(encoding="utf-8", errors="replace") for file in self._written()}

    def waits_for_work(self) -> None:
        """Until no goal is worked at, or it takes too long."""
        ends_at = time.monotonic() + WORK_SECONDS
        while time.monotonic() < ends_at and any(
            goal.state in WORKING for goal in GOALS.validate_json(self._get("/api/goals")).goals
        ):
            time.sleep(LOOK_SECONDS)

    def _written(self) -> Iterator[Path]:
        for folder in ("Focuses", "drafts", "notes"):
            yield from (file for file in (self._paths.data / folder).rglob("*") if file.is_file())

    def _all_indexed(self) -> bool:
        folders = FOLDERS.validate_json(self._get("/api/documents")).folders
        return bool(folders) and all(folder.indexed_at and not folder.busy for folder in folders)

    def _get(self, path: str) -> bytes:
        return self._caller.follow(path).read()


def settings_of(zone: ZoneInfo) -> str:
    return f"[user]\ntimezone = {json.dumps(zone.key)}\n"
