"""Every tool, over a real home in a temporary folder."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.tool_desk import ToolDesk, tool_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[ToolDesk]:
    async with tool_desk(tmp_path) as opened:
        yield opened
