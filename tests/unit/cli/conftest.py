from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from senter.paths import Paths
from tests.support.scripted_daemon import Cli, ScriptedDaemon, healthy_control


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path, because it holds Unix sockets."""
    with tempfile.TemporaryDirectory(prefix="sn", dir="/tmp") as folder:
        Paths(Path(folder)).make_folders()
        yield Path(folder)


@pytest.fixture
def cli(home: Path) -> Cli:
    return Cli(home)


@pytest.fixture
def daemon(home: Path) -> Iterator[ScriptedDaemon]:
    with ScriptedDaemon(Paths(home), healthy_control).listening() as script:
        yield script
