from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import NotFound
from senter.messages.tools import EffectClass
from tests.support.tool_desk import ToolDesk, tool_desk

NAMES = """
calendar_add calendar_change calendar_check calendar_remove calendar_restore documents_search email_draft file_copy
file_list file_move file_read file_sort file_trash file_unsort file_write goal_change job_change job_restore
make_folder message_draft note remind reminder_change repeat_command run_command schedule_add things_find trash_list
trash_restore web_fetch web_search
"""


async def test_every_tool_is_there_once_under_its_name(desk: ToolDesk) -> None:
    assert desk.registry.names() == tuple(NAMES.split())
    assert [view.name for view in desk.registry.views()] == NAMES.split()
    for name in desk.registry.names():
        assert desk.registry.get(name).name == name


async def test_a_name_that_is_no_tools_is_an_error(desk: ToolDesk) -> None:
    with pytest.raises(NotFound, match="no tool nonsense"):
        desk.registry.get("nonsense")


async def test_each_tool_says_what_it_does_and_describes_each_argument(desk: ToolDesk) -> None:
    for view in desk.registry.views():
        assert view.description.endswith("."), view.name
        assert view.permission, view.name
        assert 0 < view.timeout_seconds <= 700, view.name
        assert view.arguments["additionalProperties"] is False, view.name
        properties = view.arguments["properties"]
        assert isinstance(properties, dict)
        for name, argument in properties.items():
            assert isinstance(argument, dict) and argument.get("description"), f"{view.name}: {name}"
        json.dumps(view.arguments)


async def test_compensable_tools_and_only_those_can_be_undone(desk: ToolDesk) -> None:
    for name in desk.registry.names():
        tool = desk.registry.get(name)
        undone = "compensate" in type(tool).__dict__
        assert undone == (tool.effect is EffectClass.COMPENSABLE), name


async def test_what_is_off_in_the_settings_is_shown_as_unavailable_with_the_setting_to_change(tmp_path: Path) -> None:
    async with tool_desk(tmp_path) as desk:
        unavailable = {view.name: view.reason for view in desk.registry.views() if not view.available}
    assert set(unavailable) == {"web_search", "repeat_command"}
    assert all("task_engine." in reason for reason in unavailable.values())


async def test_what_is_on_in_the_settings_is_available(tmp_path: Path) -> None:
    settings = TaskEngineSettings(ddgs=True, repeatable_commands=(("ls",),))
    async with tool_desk(tmp_path, settings) as desk:
        assert all(view.available for view in desk.registry.views())


PURE: dict[str, dict[str, JsonValue]] = {
    "file_read": {"path": "/x"},
    "file_list": {"path": "/x"},
    "web_fetch": {"url": "https://example.org/"},
    "documents_search": {"query": "x"},
    "web_search": {"query": "x"},
    "calendar_check": {},
    "trash_list": {},
    "things_find": {"question": "x"},
}


@pytest.mark.parametrize("name", PURE)
async def test_a_tool_that_changes_nothing_needs_no_writing(desk: ToolDesk, name: str) -> None:
    tool = desk.registry.get(name)
    assert tool.effect is EffectClass.PURE
    needs = tool.needs(tool.arguments.model_validate(PURE[name]), desk.paths)
    assert "WritePath" not in {type(need).__name__ for need in needs}
