from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import JsonValue, ValidationError

from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import PermissionNeeded, ToolError
from senter.messages.tools import EffectClass
from tests.support.tool_desk import ToolDesk, tool_desk

pytestmark = [pytest.mark.process, pytest.mark.skipif(not shutil.which("bwrap"), reason="there is no bubblewrap")]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[ToolDesk]:
    settings = TaskEngineSettings(repeatable_commands=(("cat",),), programs_as_root=True)
    async with tool_desk(tmp_path, settings) as opened:
        opened.allow(commands=(("cat",), ("sh", "-c")))
        yield opened


async def test_a_granted_program_runs_where_it_is_told_and_its_output_comes_back(desk: ToolDesk) -> None:
    (desk.folder / "a.txt").write_text("apple")
    result = await desk.call("run_command", argv=["cat", "a.txt"], folder=str(desk.folder))
    assert result.text == "apple"
    assert result.data["exit_code"] == 0
    assert not result.trusted


async def test_a_program_that_fails_is_an_error_with_what_it_said(desk: ToolDesk) -> None:
    with pytest.raises(ToolError, match=r"exit code 3: no luck"):
        await desk.call("run_command", argv=["sh", "-c", "echo no luck; exit 3"], folder=str(desk.folder))


async def test_a_program_that_hangs_is_ended(desk: ToolDesk) -> None:
    with pytest.raises(ToolError, match="took longer"):
        await desk.call("run_command", argv=["sh", "-c", "sleep 60"], folder=str(desk.folder), timeout_seconds=0.3)


async def test_another_program_waits_for_a_person(desk: ToolDesk) -> None:
    with pytest.raises(PermissionNeeded, match="run ls"):
        await desk.call("run_command", argv=["ls"], folder=str(desk.folder))


@pytest.mark.parametrize("argv", [[], ["nul\0"], "ls -l"])
async def test_what_is_no_list_of_arguments_is_refused(desk: ToolDesk, argv: JsonValue) -> None:
    with pytest.raises(ValidationError):
        await desk.call("run_command", argv=argv, folder=str(desk.folder))


async def test_only_what_the_settings_name_may_be_repeated(desk: ToolDesk) -> None:
    assert desk.registry.get("run_command").effect is EffectClass.ONCE_ONLY
    assert desk.registry.get("repeat_command").effect is EffectClass.IDEMPOTENT
    (desk.folder / "a.txt").write_text("apple")
    assert (await desk.call("repeat_command", argv=["cat", "a.txt"], folder=str(desk.folder))).text == "apple"
    with pytest.raises(ToolError, match="not among the programs"):
        await desk.call("repeat_command", argv=["sh", "-c", "ls"], folder=str(desk.folder))
