"""Scratch homes, and daemons in them. Nothing outside the home is touched; both are gone afterwards."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from measuring.scripted import ScriptedServer
from senter.operations.scratch import wait_until
from senter.weights.cache import WeightsCache, folder_of
from senter.weights.catalogue import BRAIN, find_weights
from tests.support.daemon import NO_MODEL, Section, settings_text
from tests.support.scratch import ScratchDaemon, scratch_daemon

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
LOAD_SECONDS = 60.0


@contextmanager
def scratch_home() -> Generator[Path]:
    """An empty folder with a path short enough for Unix sockets."""
    with tempfile.TemporaryDirectory(prefix="sn", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def daemon(settings: str = "", *, packages: Path | None = None) -> Generator[ScratchDaemon]:
    """A running daemon; `packages` is a folder of further components."""
    path = os.pathsep.join(str(part) for part in (SOURCE, packages) if part)
    with scratch_home() as home, scratch_daemon(home, settings, {"PYTHONPATH": path}) as started:
        yield started


def scripted_models(server: ScriptedServer) -> str:
    """Settings that have both workers ask the scripted server."""
    section = f'url = "{server.url}/v1"\nname = "scripted"\nembedded = false\n'
    return f"[models.primary]\n{section}[models.research]\n{section}"


def brain() -> str:
    """Settings that have the default model answer, which must be in the user's cache: it is not fetched for this."""
    return f'[models]\nfetch = "never"\nfolder = "{brain_file().parent}"\n'


def brain_file() -> Path:
    """Where it is. Ends where it is not."""
    file = WeightsCache(folder_of(os.environ.get("SENTER_MODELS__FOLDER", ""))).path(find_weights(BRAIN))
    if not file.exists():
        sys.exit(f"Fetch it first: senter models get {BRAIN}")
    return file


def floor() -> str:
    """Settings that have the installed model answer, whatever is in the user's cache."""
    return f'[models]\nfetch = "never"\nfolder = "{ROOT / "bench"}"\n'


def without_models(**sections: Section) -> str:
    """Settings of a daemon without models; `sections` are by name."""
    return settings_text({**sections, "models.primary": NO_MODEL, "models.research": NO_MODEL})


def facts(started: ScratchDaemon, name: str) -> dict[str, object]:
    """What a component says of itself, as of its last heartbeat."""
    health = cast("dict[str, dict[str, object]]", started.component(name)["health"])
    return health["facts"]


def wait_for_model(started: ScratchDaemon, worker: str = "model_primary") -> None:
    """Wait until the worker's embedded model is loaded."""
    wait_until(
        lambda: facts(started, worker).get("model_loaded") is True, f"the model of {worker} is not loaded", LOAD_SECONDS
    )
