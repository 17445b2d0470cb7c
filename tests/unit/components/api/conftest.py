from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx2
import pytest

from senter.paths import Paths
from tests.support.api_stage import Scene, over_unix, serving


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home")


@pytest.fixture
async def scene(paths: Paths) -> AsyncGenerator[Scene]:
    async with serving(paths) as scene:
        yield scene


@pytest.fixture
async def http(scene: Scene) -> AsyncGenerator[httpx2.AsyncClient]:
    async with over_unix(scene) as client:
        yield client


@pytest.fixture
async def tcp(scene: Scene) -> AsyncGenerator[httpx2.AsyncClient]:
    headers = {"Authorization": f"Bearer {scene.token}"}
    async with httpx2.AsyncClient(verify=False, base_url=scene.address, headers=headers) as client:
        yield client
