from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import Conflict, ToolError
from senter.messages.message import ComponentName
from senter.messages.schedule import AddJob, JobReply
from tests.support.tool_desk import tool_desk


async def test_words_mean_what_they_meant_when_the_goal_was_asked_for(tmp_path: Path) -> None:
    asked: list[str | None] = []

    async def scheduler(command: AddJob) -> JobReply:
        asked.append(command.at)
        raise Conflict("That is all that is wanted here.")

    broker = MemoryBroker()
    bus = broker.bus(ComponentName("scheduler"), Manifest(receives=(AddJob,)))
    async with tool_desk(tmp_path, TaskEngineSettings(timezone="Europe/Berlin"), broker) as desk:
        desk.asked_at -= timedelta(days=3)
        await bus.serve(AddJob, scheduler)
        with pytest.raises(ToolError, match="all that is wanted"):
            await desk.call("remind", text="Call mum", at="tomorrow 9:00")
        with pytest.raises(ToolError, match="as a time"):
            await desk.call("remind", text="Call mum", at="whenever")
    await bus.close()
    assert asked == ["2025-12-30T08:00:00+00:00"]
