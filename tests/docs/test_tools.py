"""docs/tools.md names every tool as the registry has it."""

from __future__ import annotations

from pathlib import Path

import structlog

from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.registry import Registry

PAGE = Path(__file__).parents[2] / "docs" / "tools.md"


async def test_the_table_of_tools_is_what_the_registry_says() -> None:
    async with Registry.open(TaskEngineSettings(), structlog.stdlib.get_logger("test")) as registry:
        rows = [
            f"| `{view.name}` | {view.description} | {view.effect.value} | {view.permission} |"
            for view in registry.views()
        ]
    text = PAGE.read_text()
    table = text.partition("| Tool |")[2].partition("\n\n")[0]
    assert table.splitlines()[2:] == rows
