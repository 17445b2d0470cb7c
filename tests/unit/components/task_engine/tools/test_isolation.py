from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import pytest

from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import ChildFailed, PermissionNeeded, ToolError
from senter.operations.scratch import is_running
from tests.support.tool_desk import ToolDesk, tool_desk

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[5]
BAD = "tests.support.bad_tools"


@pytest.fixture(autouse=True)
def search_path(tmp_path: Path) -> Iterator[Path]:
    """Where packages for this test are installed."""
    installed = tmp_path / "installed"
    installed.mkdir()
    before = list(sys.path)
    sys.path[:0] = [str(installed), str(ROOT)]
    yield installed
    sys.path[:] = before


def install(folder: Path, *entries: str) -> None:
    """As an installer would: what a package offers, and where."""
    package = folder / "bad_tools-1.0.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: bad_tools\nVersion: 1.0.0\n")
    (package / "entry_points.txt").write_text("[senter.tools]\n" + "".join(f"{entry}\n" for entry in entries))


@asynccontextmanager
async def desk_with(folder: Path, search_path: Path, *names: str) -> AsyncGenerator[ToolDesk]:
    """A desk with some of the bad tools, all of them granted."""
    install(search_path, *(f"{name} = {BAD}:{name.upper()}" for name in names))
    granted = (*names, "crashes_once_only")
    async with tool_desk(folder, TaskEngineSettings(foreign_tools=granted)) as desk:
        yield desk


async def test_the_example_is_found_and_works_through_the_grant(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "examples"))
    async with tool_desk(tmp_path, TaskEngineSettings(foreign_tools=("word_count",))) as desk:
        desk.allow(write_roots=(str(tmp_path / "counts"),))
        (desk.folder / "a.txt").write_text("one two three")
        target = tmp_path / "counts" / "a.txt"
        result = await desk.call("word_count", path=str(desk.folder / "a.txt"), write_to=str(target))
        assert result.text == "3 words"
        assert target.read_text() == "3\n"
        assert not result.trusted
        with pytest.raises(PermissionNeeded, match="create"):
            await desk.call("word_count", path=str(desk.folder / "a.txt"), write_to=str(tmp_path / "x"))
        with pytest.raises(ValueError, match="required"):
            await desk.call("word_count")
        (view,) = [view for view in desk.registry.views() if view.name == "word_count"]
        assert view.available


async def test_a_tool_of_another_package_waits_for_a_person_until_the_settings_name_it(
    tmp_path: Path, search_path: Path
) -> None:
    install(search_path, f"tells = {BAD}:TELLS")
    async with tool_desk(tmp_path) as desk:
        with pytest.raises(PermissionNeeded, match="the tool tells of another package"):
            await desk.call("tells")


async def test_a_tool_that_hangs_is_ended_and_the_next_call_gets_a_new_process(
    tmp_path: Path, search_path: Path
) -> None:
    async with desk_with(tmp_path, search_path, "hangs", "tells") as desk:
        with pytest.raises((ToolError, TimeoutError)):
            await desk.call("hangs")
        assert (await desk.call("tells")).text


async def test_a_tool_that_crashes_is_an_error_with_its_last_words(tmp_path: Path, search_path: Path) -> None:
    async with desk_with(tmp_path, search_path, "crashes") as desk:
        for _ in range(2):
            with pytest.raises(ToolError, match=r"SIGSEGV.*about to crash") as failure:
                await desk.call("crashes")
            assert failure.value.retryable


async def test_what_a_once_only_tool_did_before_it_crashed_is_not_known(tmp_path: Path, search_path: Path) -> None:
    install(search_path, f"crashes_once = {BAD}:CRASHES_ONCE")
    async with tool_desk(tmp_path, TaskEngineSettings(foreign_tools=("crashes_once_only",))) as desk:
        with pytest.raises(ChildFailed):
            await desk.call("crashes_once_only")


async def test_fifty_megabytes_are_refused(tmp_path: Path, search_path: Path) -> None:
    async with desk_with(tmp_path, search_path, "floods") as desk:
        with pytest.raises(ToolError, match="at most"):
            await desk.call("floods")


async def test_what_a_tool_prints_is_dropped_and_cannot_vouch_for_itself(tmp_path: Path, search_path: Path) -> None:
    async with desk_with(tmp_path, search_path, "prints") as desk:
        result = await desk.call("prints")
        assert (result.text, result.trusted) == ("printed", False)


async def test_what_a_tool_raises_is_an_error_with_its_words(tmp_path: Path, search_path: Path) -> None:
    async with desk_with(tmp_path, search_path, "raises", "eats") as desk:
        with pytest.raises(ToolError, match="something odd"):
            await desk.call("raises")
        with pytest.raises(ToolError, match="MemoryError"):
            await desk.call("eats")


async def test_a_tool_reads_no_more_than_the_grant_allows(tmp_path: Path, search_path: Path) -> None:
    async with desk_with(tmp_path, search_path, "reads") as desk:
        (desk.folder.parent / "secret.txt").write_text("secret")
        with pytest.raises(PermissionNeeded):
            await desk.call("reads", path=str(desk.folder / "a.txt"))


async def test_a_tool_rewrites_only_what_it_knows(tmp_path: Path, search_path: Path) -> None:
    file = tmp_path / "mine" / "a.txt"
    file.parent.mkdir()
    async with desk_with(tmp_path, search_path, "rewrites") as desk:
        desk.allow(write_roots=(str(file.parent),))
        for content, left in (("one", "two"), ("other", "other")):
            file.write_text(content)
            with nullcontext() if left == "two" else pytest.raises(ToolError, match="Another program"):
                await desk.call("rewrites", path=str(file))
            assert file.read_text() == left


async def test_tools_that_cannot_be_used_are_left_out_and_shown_with_the_reason(
    tmp_path: Path, search_path: Path
) -> None:
    async with desk_with(
        tmp_path, search_path, "exits", "no_tool", "missing", "own_needs", "namesake", "tells"
    ) as desk:
        reasons = {view.name: view.reason for view in desk.registry.views() if not view.available}
        assert "exit code 3" in reasons["exits"]
        assert "an instance of Tool" in reasons["no_tool"]
        assert "AttributeError" in reasons["missing"]
        assert "READS" in reasons["own_needs"]
        assert "another tool called file_read" in reasons["namesake"]
        assert "tells" in desk.registry.names()
        assert not {"exits", "no_tool", "missing", "own_needs"} & set(desk.registry.names())


async def test_a_tool_sees_no_setting_of_ours_and_ends_with_the_registry(
    tmp_path: Path, search_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTER_MODELS__PRIMARY__API_KEY", "secret")
    async with desk_with(tmp_path, search_path, "tells") as desk:
        pid, _, rest = (await desk.call("tells")).text.partition(" ")
        assert rest == "[]"
        assert is_running(int(pid))
        assert int(pid) != os.getpid()
    assert not is_running(int(pid))
