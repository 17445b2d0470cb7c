from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from senter.paths import Paths
from tests.support.scripted_daemon import Response, ScriptedDaemon, healthy_control


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path, because it holds Unix sockets."""
    with tempfile.TemporaryDirectory(prefix="sn", dir="/tmp") as folder:
        Paths(Path(folder)).make_folders()
        yield Path(folder)


@pytest.fixture
def daemon(home: Path) -> Iterator[ScriptedDaemon]:
    with ScriptedDaemon(Paths(home), healthy_control).listening() as script:
        script.routes["GET", "/api/events"] = Response(events=[], hold=threading.Event())
        script.routes["GET", "/api/goals"] = Response({"goals": [], "approvals_waiting": 0})
        yield script
