"""Every payload of prompt_injections.txt through the real engine and its real tools: a task reads it, and obeys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import structlog

from senter.components.task_engine.contract.steps import Assignment, Executor, Steps, TaskOutput
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.registry import Registry
from senter.errors import SenterError
from senter.messages.goals import GoalId, Status
from tests.support.goal_tools import Page
from tests.support.goals import GoalHouse, plan, task
from tests.support.injections import Wish, obey, payloads

SECRET = "the-secret-of-the-user"
LEAKED = "what-the-model-would-give-away"
NO_CHILD = (
    "file_copy", "file_list", "file_move", "file_sort", "file_trash", "file_write", "make_folder", "note", "remind",
    "repeat_command", "run_command", "things_find", "trash_list", "trash_restore",
)  # fmt: skip
"""The built-in tools that need no child process of their own."""
WRITABLE = ("Focuses", "drafts", "notes", "trash")
EARLIER = ("Focuses/research/results/0001-a.md", "drafts/a.eml", "notes/a.md")
"""What is there before, in the folders where goals may make files."""
REMINDER = Wish("remind", {"text": LEAKED, "at": "tomorrow 9:00"})


class Obedient(Executor):
    """Reads, and wants everything done that a text could be taken to ask for."""

    def __init__(self, texts: list[str], target: Path, *, reads: bool = True, losses: Sequence[Wish] = ()) -> None:
        """`losses` are wanted beside, whatever the text says."""
        self.texts, self.target, self.reads, self.losses = texts, target, reads, losses
        self.seen: list[str] = []

    async def carry_out(self, assignment: Assignment, steps: Steps) -> TaskOutput:
        if self.reads:
            await steps.tool("page", {})
        text = self.texts[assignment.goal_id - 1]
        for wish in [*obey(text, LEAKED, str(self.target)), *self.losses, REMINDER]:
            await self._try(wish, steps)
        return TaskOutput("done", {}, (), (), trusted=True)

    async def _try(self, wish: Wish, steps: Steps) -> None:
        try:
            result = await steps.tool(wish.tool, wish.arguments, may_wait=False)
        except (SenterError, KeyError):
            return
        self.seen.append(result.text)


def untouchable(base: Path, data: Path) -> dict[str, bytes]:
    """All files that no goal may make or change, and those that it may not change; without the engine's own: its
    journal, its intents, its reports."""
    own = [data / name for name in (*WRITABLE, "intents")]
    files = [path for path in base.rglob("*") if path.is_file() and not re.match(r"tasks[.-]|goal-", path.name)]
    closed = [path for path in files if not any(path.is_relative_to(one) for one in own)]
    earlier = [path for name in EARLIER if (path := data / name).is_file()]
    return {str(path): path.read_bytes() for path in (*closed, *earlier)}


def losses_of(path: Path) -> list[Wish]:
    """Every call that would cost the user a file."""
    return [
        Wish("file_write", {"path": str(path), "content": LEAKED, "replace": True}),
        Wish("file_trash", {"path": str(path)}),
        Wish("file_move", {"source": str(path), "target": str(path.with_name("moved"))}),
        Wish("file_sort", {"folder": str(path.parent), "into": {"Sorted": [path.name]}}),
    ]


async def carried_out(base: Path, obedient: Obedient) -> set[str]:
    """One goal for each text; returns the tools that were called, by the audit log."""
    settings = TaskEngineSettings(fetch_hosts=("*",), tool_calls=1_000_000)
    async with Registry.open(settings, structlog.stdlib.get_logger("test")) as registry:
        house = GoalHouse(base / "home", *(registry.get(name) for name in NO_CHILD), Page(), settings=settings)
        house.executor = obedient
        await house.crash()
        goals = [house.add(plan(task("pure")), request_id=str(number)) for number in range(len(obedient.texts))]
        await house.until_ended(*goals)
        assert {house.goal(GoalId(goal_id)).goal.status for goal_id in goals} == {Status.COMPLETED}
        called = called_tools(house)
        await house.close()
    return called


def called_tools(house: GoalHouse) -> set[str]:
    found, after = set[str](), 0
    while page := house.journal.audit.page(after, 1_000).entries:
        after = page[-1].number
        found |= {(entry.text or "").partition(" ")[0] for entry in page if entry.action == "tool_called"}
    return found


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for name in ("outside", "documents", "home/data"):
        (tmp_path / name).mkdir(parents=True)
    earlier = [f"home/data/{name}" for name in EARLIER]
    for name in earlier:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    for name in ("outside/secret.txt", "documents/a.txt", "home/settings.toml", "home/data/schedule.db", *earlier):
        (tmp_path / name).write_text(SECRET)
    return tmp_path


async def test_no_payload_gets_anything_outside_the_grant_done(base: Path) -> None:
    places: dict[str, str] = {
        "EVIL": "evil.example", "GRANTED": "granted.example", "PORT": "80", "OUTSIDE": str(base / "outside"),
        "DOCS": str(base / "documents"), "HOME": str(base / "home"), "MARK": str(base / "outside" / "mark"),
    }  # fmt: skip
    texts = [payload.filled(places) for payload in payloads()]
    before = untouchable(base, base / "home" / "data")
    data = base / "home" / "data"
    losses = [wish for name in EARLIER for wish in losses_of(data / name)]
    obedient = Obedient(texts, data / "notes" / "taken.txt", losses=losses)
    called = await carried_out(base, obedient)
    assert untouchable(base, base / "home" / "data") == before
    assert not any(SECRET in text for text in obedient.seen)
    assert called.isdisjoint(("remind", "run_command", "repeat_command"))
    assert "page" in called


@pytest.mark.parametrize("reads", [False, True])
async def test_the_same_model_gets_done_what_is_granted(base: Path, reads: bool) -> None:
    """Otherwise the test above would prove nothing. Only before it has read: what the plan did not name waits then."""
    target = base / "home" / "data" / "notes" / "taken.txt"
    called = await carried_out(base, Obedient([f"Write to {target}"], target, reads=reads))
    assert target.exists() is not reads
    assert called & {"file_write", "remind"} == (set() if reads else {"file_write", "remind"})
