"""What a goal may do to files without asking: make new ones, change its own, and no more once it is tainted."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog
from pydantic import BaseModel, JsonValue

from senter.components.task_engine.contract.steps import Assignment, Executor, Steps, TaskOutput
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.engine.journaled import WaitsForPerson
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.registry import Registry
from senter.errors import SenterError
from senter.messages.goals import ENDED, GoalId, Grant, Status
from senter.messages.needs import CreatePath, Need, UseTool, WritePath
from senter.messages.tools import EffectClass
from senter.paths import Paths
from tests.support.goal_tools import Page
from tests.support.goals import GoalHouse, plan, task

TOOLS = ("file_copy", "file_move", "file_sort", "file_trash", "file_write", "note", "run_command", "trash_restore")
KEPT = b"what the user wrote"
Wanted = tuple[str, dict[str, JsonValue]]


class Doing(Executor):
    """Makes the calls it was told, as work whose calls are Senter's own, after reading a page where it is to be
    tainted."""

    def __init__(self) -> None:
        self.calls: list[Wanted] = []
        self.tainted = True
        self.refused: list[str] = []
        self.between: Callable[[], None] = lambda: None
        """What happens before each call."""

    async def carry_out(self, assignment: Assignment, steps: Steps) -> TaskOutput:
        if self.tainted:
            await steps.tool("page", {})
        for name, arguments in self.calls:
            self.between()
            try:
                await steps.tool(name, arguments)
            except WaitsForPerson:
                raise
            except SenterError as error:
                self.refused.append(error.code)
        return TaskOutput("done", {}, (), (), trusted=True)


class Scene:
    """A home with a note, a draft and a result of earlier goals, and a folder of the user's."""

    def __init__(self, house: GoalHouse, doing: Doing, work: Path) -> None:
        self.house, self.doing, self.work = house, doing, work
        data = house.paths.data
        self.theirs = [data / "notes" / "a.md", data / "drafts" / "a.eml", data / "Focuses" / "x" / "results" / "1.md"]
        self.mine = work / "mine.txt"
        for path in (*self.theirs, self.mine):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(KEPT)

    def ask_for(self, *calls: Wanted, may_write: Path | None = None, grant: Grant | None = None) -> GoalId:
        self.doing.calls = list(calls)
        granted = Grant(write_roots=(str(may_write),)) if may_write else grant
        return self.house.add(plan(task(work="move")), grant=granted)

    async def done(self, *calls: Wanted, may_write: Path | None = None, grant: Grant | None = None) -> list[str]:
        """The codes of what was refused; fails where a person is asked."""
        goal_id = self.ask_for(*calls, may_write=may_write, grant=grant)
        await self.house.until_ended(goal_id)
        assert self.house.goal(goal_id).goal.status is Status.COMPLETED, self.house.goal(goal_id)
        return self.doing.refused

    async def asked(
        self, *calls: Wanted, may_write: Path | None = None, grant: Grant | None = None
    ) -> tuple[Need, ...]:
        """What a person is asked for."""
        goal_id = self.ask_for(*calls, may_write=may_write, grant=grant)
        await self.house.until(lambda: self.house.journal.approvals.waiting() == 1)
        (approval,) = self.house.journal.approvals.list(include_decided=False)
        self.house.journal.goals.cancel(goal_id)
        return approval.needs


@asynccontextmanager
async def scene_in(base: Path, **settings: object) -> AsyncGenerator[Scene]:
    exact = TaskEngineSettings.model_validate(settings)
    async with Registry.open(exact, structlog.stdlib.get_logger("test")) as registry:
        house = GoalHouse(base / "home", *(registry.get(name) for name in TOOLS), Page(), settings=exact)
        doing = Doing()
        house.executor = doing
        await house.crash()
        yield Scene(house, doing, base / "work")
        await house.close()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    async with scene_in(tmp_path, programs_as_root=True) as scene:
        yield scene


def write(path: Path, content: str = "new", *, replace: bool = True) -> Wanted:
    return "file_write", {"path": str(path), "content": content, "replace": replace}


def trash(path: Path) -> Wanted:
    return "file_trash", {"path": str(path)}


def move(source: Path, target: Path) -> Wanted:
    return "file_move", {"source": str(source), "target": str(target)}


LOSSES: Mapping[str, Callable[[Path], Wanted]] = {
    "replace": write,
    "trash": trash,
    "move away": lambda path: move(path, path.with_name("elsewhere")),
}


@pytest.mark.parametrize("tainted", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("which", [0, 1, 2], ids=["note", "draft", "result"])
async def test_what_others_put_in_senters_folders_is_not_lost_without_a_yes(
    scene: Scene, which: int, loss: str, tainted: bool
) -> None:
    scene.doing.tainted = tainted
    path = scene.theirs[which]
    assert WritePath(path=path) in await scene.asked(LOSSES[loss](path))
    assert path.read_bytes() == KEPT


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_tainted_task_asks_before_it_loses_a_file_of_a_folder_that_may_be_written(
    scene: Scene, loss: str
) -> None:
    assert WritePath(path=scene.mine) in await scene.asked(LOSSES[loss](scene.mine), may_write=scene.work)
    assert scene.mine.read_bytes() == KEPT
    scene.doing.tainted = False
    assert await scene.done(LOSSES[loss](scene.mine), may_write=scene.work) == []
    assert not scene.mine.exists() or scene.mine.read_text() == "new"


async def test_a_tainted_task_makes_files_and_changes_those_that_its_goal_made(scene: Scene) -> None:
    notes, own = scene.house.paths.data / "notes" / "b.md", scene.work / "b.txt"
    calls = [write(notes, "1"), write(notes, "2"), write(own, "1"), write(own, "2"), trash(own)]
    assert await scene.done(*calls, ("note", {"title": "T", "text": "x"}), may_write=scene.work) == []
    assert notes.read_text() == "2"
    assert not own.exists()


@pytest.mark.parametrize("tainted", [False, True])
async def test_a_table_that_a_tainted_task_writes_has_no_formulas(scene: Scene, tainted: bool) -> None:
    scene.doing.tainted = tainted
    path = scene.work / "b.csv"
    assert await scene.done(write(path, "name,=A1\n"), may_write=scene.work) == []
    assert path.read_text() == ("name,'=A1\n" if tainted else "name,=A1\n")


async def test_what_another_goal_made_is_not_a_goals_own(scene: Scene) -> None:
    path = scene.work / "b.txt"
    assert await scene.done(write(path, "1"), may_write=scene.work) == []
    assert await scene.asked(write(path, "2"), may_write=scene.work) == (WritePath(path=path),)
    assert path.read_text() == "1"


async def test_a_file_that_was_replaced_or_moved_is_not_a_goals_own(scene: Scene) -> None:
    moved = scene.work / "moved.txt"
    scene.doing.tainted = False
    calls: list[Wanted] = [move(scene.mine, moved), ("page", {}), write(moved)]
    assert await scene.asked(*calls, may_write=scene.work) == (WritePath(path=moved),)
    assert moved.read_bytes() == KEPT


async def test_a_tainted_task_sorts_a_folder_that_it_may_write(scene: Scene) -> None:
    call: Wanted = ("file_sort", {"folder": str(scene.work), "into": {"Texts": ["mine.txt"]}})
    assert await scene.done(call, may_write=scene.work) == []
    assert (scene.work / "Texts" / "mine.txt").read_bytes() == KEPT


async def test_each_goal_writes_in_a_folder_of_its_own(scene: Scene) -> None:
    results = scene.house.paths.data / "Focuses" / "general" / "results"
    scene.doing.tainted = False
    assert await scene.done(write(results / "0001" / "a.txt", "1"), write(results / "0001" / "a.txt", "2")) == []
    assert await scene.asked(write(results / "0001" / "b.txt")) == (CreatePath(path=results / "0001" / "b.txt"),)


async def test_a_write_that_was_cut_off_is_made_again_without_asking(scene: Scene) -> None:
    """Its own first half is there already."""
    path = scene.house.paths.data / "notes" / "b.md"
    scene.house.at_boundary = lambda name: scene.house.crash_now() if name == "effect_done" and path.exists() else None
    goal_id = scene.ask_for(write(path), write(path, "newer"))
    await scene.house.until(lambda: scene.house.crashed)
    assert path.read_text() == "new"
    scene.house.at_boundary = lambda _: None
    await scene.house.crash()
    await scene.house.until_ended(goal_id)
    assert scene.house.goal(goal_id).goal.status is Status.COMPLETED
    assert scene.house.journal.approvals.list(include_decided=True) == []
    assert path.read_text() == "newer"


@pytest.mark.parametrize("call", ["write", "trash", "move"])
async def test_an_approved_call_that_was_cut_off_is_finished_without_asking_again(scene: Scene, call: str) -> None:
    calls = {"write": write(scene.mine), "trash": trash(scene.mine), "move": move(scene.mine, scene.work / "b")}
    goal_id = scene.ask_for(calls[call], may_write=scene.work)
    await scene.house.until(lambda: scene.house.journal.approvals.waiting() == 1)

    def crash_once_it_is_done(name: str) -> None:
        if name == "effect_done" and changed(scene):
            scene.house.at_boundary = lambda _: None
            scene.house.crash_now()

    scene.house.at_boundary = crash_once_it_is_done
    scene.house.journal.approvals.decide(1, "approved")
    await scene.house.until(lambda: scene.house.crashed)
    await scene.house.crash()
    await scene.house.until_ended(goal_id)
    assert scene.house.goal(goal_id).goal.status is Status.COMPLETED, scene.house.goal(goal_id).tasks[0].error
    assert len(scene.house.journal.approvals.list(include_decided=True)) == 1
    assert scene.doing.refused == []


def changed(scene: Scene) -> bool:
    return not scene.mine.exists() or scene.mine.read_bytes() != KEPT


async def test_a_yes_to_making_a_file_that_somebody_made_meanwhile_replaces_nothing(scene: Scene) -> None:
    scene.doing.tainted = False
    path = scene.work / "b.txt"
    goal_id = scene.ask_for(write(path))
    await scene.house.until(lambda: scene.house.journal.approvals.waiting() == 1)
    path.write_bytes(KEPT)
    scene.house.journal.approvals.decide(1, "approved")
    await scene.house.until_ended(goal_id)
    assert scene.doing.refused == ["permission_needed"]
    assert path.read_bytes() == KEPT


async def test_what_is_in_the_trash_comes_back_and_a_tainted_task_asks_for_that(scene: Scene) -> None:
    scene.doing.tainted = False
    assert await scene.done(trash(scene.mine), may_write=scene.work) == []
    restore: Wanted = ("trash_restore", {"path": str(scene.mine)})
    scene.doing.tainted = True
    assert WritePath(path=scene.house.paths.data / "trash") in await scene.asked(restore, may_write=scene.work)
    scene.doing.tainted = False
    for _ in range(2):
        assert await scene.done(restore, may_write=scene.work) == []
        assert scene.mine.read_bytes() == KEPT


def run(folder: Path, command: str) -> Wanted:
    return "run_command", {"argv": ["sh", "-c", command], "folder": str(folder)}


async def test_a_program_of_a_tainted_task_asks_where_it_could_replace_something(scene: Scene) -> None:
    change = run(scene.work, "echo new > mine.txt")
    may_write = Grant(write_roots=(str(scene.work),), commands=(("sh",),))
    assert await scene.asked(change, grant=may_write) == (WritePath(path=scene.work),)
    may_read = Grant(read_roots=(str(scene.work),), commands=(("sh",),))
    assert await scene.done(change, grant=may_read) == ["tool_error"]
    assert scene.mine.read_bytes() == KEPT
    scene.doing.tainted = False
    scene.doing.refused.clear()
    assert await scene.done(change, grant=may_write) == []
    assert scene.mine.read_bytes() == b"new\n"


async def test_a_program_changes_neither_notes_drafts_results_nor_the_trash(scene: Scene) -> None:
    scene.doing.tainted = False
    thing = scene.house.paths.data / "trash" / "1" / "a"
    thing.parent.mkdir(parents=True)
    thing.write_bytes(KEPT)
    files = [*scene.theirs, thing]
    may_write = Grant(write_roots=(str(scene.work),), commands=(("sh",),))
    for path in files:  # what a program says taints, so each is run by a goal that has read nothing
        await scene.done(run(scene.work, f"test -r {path} && echo new > {path}"), grant=may_write)
    assert scene.doing.refused == ["tool_error"] * len(files)
    assert [path.read_bytes() for path in files] == [KEPT] * len(files)


async def ended_or_asked(scene: Scene, goal_id: GoalId) -> None:
    waiting = scene.house.journal.approvals.waiting
    await scene.house.until(lambda: waiting() == 1 or scene.house.goal(goal_id).goal.status in ENDED)


def crash_once(scene: Scene, boundary: str, when: Callable[[], bool]) -> None:
    """The process ends at the next `boundary` at which something is so."""

    def at(name: str) -> None:
        if name == boundary and when():
            scene.house.at_boundary = lambda _: None
            scene.house.crash_now()

    scene.house.at_boundary = at


async def test_a_file_that_was_moved_is_not_a_goals_own_after_a_crash_either(scene: Scene) -> None:
    """The move is undone and made again, which tells no more of who made the file than it did before."""
    scene.doing.tainted = False
    moved = scene.work / "moved.txt"
    crash_once(scene, "effect_done", moved.exists)
    goal_id = scene.ask_for(move(scene.mine, moved), ("page", {}), write(moved), may_write=scene.work)
    await scene.house.until(lambda: scene.house.crashed)
    await scene.house.crash()
    await ended_or_asked(scene, goal_id)
    assert moved.read_bytes() == KEPT


async def test_what_came_back_from_the_trash_is_not_a_goals_own_after_a_crash(scene: Scene) -> None:
    scene.doing.tainted = False
    assert await scene.done(trash(scene.mine), may_write=scene.work) == []
    crash_once(scene, "effect_done", scene.mine.exists)
    calls: list[Wanted] = [("trash_restore", {"path": str(scene.mine)}), ("page", {}), write(scene.mine)]
    goal_id = scene.ask_for(*calls, may_write=scene.work)
    await scene.house.until(lambda: scene.house.crashed)
    await scene.house.crash()
    await ended_or_asked(scene, goal_id)
    assert scene.mine.read_bytes() == KEPT


async def test_what_somebody_made_while_the_machine_was_off_is_not_a_goals_own(scene: Scene) -> None:
    """The call that was to make it was cut off before it did."""
    path = scene.work / "b.txt"
    crash_once(scene, "step_started", lambda: scene.house.journal.steps.made(GoalId(1)) != [])
    goal_id = scene.ask_for(write(path), may_write=scene.work)
    await scene.house.until(lambda: scene.house.crashed)
    assert not path.exists()
    path.write_bytes(KEPT)
    await scene.house.crash()
    await ended_or_asked(scene, goal_id)
    assert path.read_bytes() == KEPT


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("how", ["edited", "another"])
async def test_a_file_that_somebody_changed_since_is_not_a_goals_own(scene: Scene, loss: str, how: str) -> None:
    path = scene.work / "b.txt"
    scene.doing.between = lambda: change_by_hand(path, how)
    asked = await scene.asked(write(path, "1"), LOSSES[loss](path), may_write=scene.work)
    assert WritePath(path=path) in asked
    assert path.read_bytes() == KEPT


def change_by_hand(path: Path, how: str) -> None:
    """As an editor does, in place or by a new file of the same name."""
    if path.exists():
        if how == "another":
            path.unlink()
        path.write_bytes(KEPT)


class Place(BaseModel):
    path: Path


class UndoesMore(Tool[Place]):
    """One of another package: it fails in the middle, and to undo that replaces what was there before."""

    name = "undoes_more"
    description = "Makes a file."
    arguments = Place
    effect = EffectClass.COMPENSABLE
    permission = "the file"
    owner = UseTool(name="undoes_more")

    def needs(self, arguments: Place, paths: Paths) -> tuple[Need, ...]:
        return UseTool(name=self.name), CreatePath(path=arguments.path)

    async def run(self, arguments: Place, call: ToolCall) -> ToolResult:
        raise ValueError("cut off")

    async def compensate(self, arguments: Place, call: ToolCall) -> None:
        call.access.write(arguments.path, b"new", replace=True)


async def test_undoing_a_call_of_another_package_replaces_nothing_that_was_there(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, UndoesMore(), settings=TaskEngineSettings(first_wait_seconds=0))
    path = house.paths.data / "notes" / "a.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(KEPT)
    doing = Doing()
    doing.calls = [("undoes_more", {"path": str(path)})]
    doing.tainted, house.executor = False, doing
    await house.crash()
    goal_id = house.add(plan(task(work="move")), grant=Grant(tools=("undoes_more",)))
    await house.until(lambda: house.goal(goal_id).goal.status in ENDED or house.journal.approvals.waiting() == 1)
    assert path.read_bytes() == KEPT
    await house.close()
