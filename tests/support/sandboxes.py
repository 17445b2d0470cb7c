"""A sandbox over folders of its own, for tests."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from senter.components.task_engine.contract.access import Ran
from senter.components.task_engine.permissions.commands import Sandbox


@cache
def no_sandbox() -> str:
    """Why bubblewrap cannot be used here; empty when it can."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    tried = subprocess.run(["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "bubblewrap may not make namespaces here"


sandboxed = pytest.mark.skipif(bool(no_sandbox()), reason=no_sandbox() or "it can")


class Scene:
    def __init__(self, base: Path) -> None:
        self.base = base
        self.read, self.write, self.outside, self.home = (base / n for n in ("read", "write", "outside", "home"))
        self.results = self.home / "data" / "Focuses"
        for folder in (self.read, self.write, self.outside, self.results):
            folder.mkdir(parents=True)
        (self.read / "a.txt").write_text("readable")
        (self.outside / "secret.txt").write_text("secret")
        (self.home / "token").write_text("secret")
        self.sandbox = self.of([self.read], [self.write])

    def of(self, reads: list[Path], writes: list[Path]) -> Sandbox:
        roots = [str(path) for path in reads], [str(path) for path in writes]
        return Sandbox(*roots, self.home, [self.results], as_root=True)

    async def run(self, *argv: str, seconds: float = 20.0, limit: int = 100_000, by: Sandbox | None = None) -> Ran:
        return await (by or self.sandbox).run(argv, folder=self.write, timeout_seconds=seconds, limit_bytes=limit)

    async def shell(self, script: str, seconds: float = 20.0, limit: int = 100_000) -> Ran:
        return await self.run("sh", "-c", script, seconds=seconds, limit=limit)
