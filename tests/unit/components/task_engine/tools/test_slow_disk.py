"""Tools that are cut off while the disk takes its time: what they change is changed when they end, never later."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.permissions.granted import GrantedAccess
from tests.support.tool_desk import KEY, ToolDesk
from tests.waiting import until


class SlowDisk(GrantedAccess):
    """Changes nothing before it may."""

    def __init__(self, desk: ToolDesk) -> None:
        super().__init__(desk.grant, desk.paths, desk.clock, desk.settings)
        self.busy, self.may_go_on = threading.Event(), threading.Event()

    def write(self, path: Path, content: bytes, *, replace: bool) -> None:
        self._take_time()
        super().write(path, content, replace=replace)

    def rewrite(self, path: Path, content: bytes, *, was: bytes | None) -> None:
        self._take_time()
        super().rewrite(path, content, was=was)

    def make_folder(self, path: Path) -> None:
        self._take_time()
        super().make_folder(path)

    def move(self, source: Path, target: Path, *, for_now: bool = False) -> None:
        self._take_time()
        super().move(source, target, for_now=for_now)

    def copy(self, source: Path, target: Path) -> None:
        self._take_time()
        super().copy(source, target)

    def _take_time(self) -> None:
        self.busy.set()
        self.may_go_on.wait(10)


@pytest.fixture
def disk(desk: ToolDesk) -> SlowDisk:
    desk.allow(write_roots=(str(desk.folder), str(desk.paths.data / "calendar.ics")))
    (desk.folder / "a.txt").write_text("bees")
    return SlowDisk(desk)


def slow_call(desk: ToolDesk, disk: SlowDisk) -> ToolCall:
    return replace(desk.tool_call(KEY), access=disk)


def in_place(folder: Path, names: Mapping[str, str]) -> dict[str, JsonValue]:
    return {name: str(folder / path) for name, path in names.items()}


async def cut_off(running: asyncio.Task[object], disk: SlowDisk) -> None:
    """Cancel it in the middle of its change, and let the disk go on."""
    await until(disk.busy.is_set)
    running.cancel()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not running.done()
    disk.may_go_on.set()
    await asyncio.wait({running})
    assert running.cancelled()


@pytest.mark.parametrize(
    ("tool", "paths", "others", "changed"),
    [
        ("file_move", {"source": "a.txt", "target": "b.txt"}, {}, "b.txt"),
        ("file_copy", {"source": "a.txt", "target": "b.txt"}, {}, "b.txt"),
        ("file_write", {"path": "b.txt"}, {"content": "x"}, "b.txt"),
        ("file_sort", {"folder": "."}, {"into": {"b": ["a.txt"]}}, "b/a.txt"),
        ("make_folder", {"path": "b"}, {}, "b"),
        ("note", {}, {"title": "Bees", "text": "They dance"}, "../home/data/notes/bees*.md"),
        ("calendar_add", {}, {"title": "Dentist", "start": "2026-01-08T14:00:00Z"}, "../home/data/calendar.ics"),
    ],
)
async def test_a_call_that_is_cut_off_ends_when_its_change_is_made(
    desk: ToolDesk, disk: SlowDisk, tool: str, paths: dict[str, str], others: dict[str, JsonValue], changed: str
) -> None:
    exact = desk.registry.get(tool).arguments.model_validate(in_place(desk.folder, paths) | others)
    running = asyncio.create_task(desk.registry.get(tool).run(exact, slow_call(desk, disk)))
    await cut_off(running, disk)
    assert [*desk.folder.glob(changed)]


async def test_a_move_that_was_cut_off_is_undone_when_it_has_ended(desk: ToolDesk, disk: SlowDisk) -> None:
    tool = desk.registry.get("file_move")
    exact = tool.arguments.model_validate(in_place(desk.folder, {"source": "a.txt", "target": "b.txt"}))
    await cut_off(asyncio.create_task(tool.run(exact, slow_call(desk, disk))), disk)
    await tool.compensate(exact, desk.tool_call(KEY))
    assert [path.name for path in desk.folder.iterdir()] == ["a.txt"]
