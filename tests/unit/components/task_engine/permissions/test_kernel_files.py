"""What a sandboxed program can change of the kernel, which root and every other program share: nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from senter.components.task_engine.permissions.commands import Sandbox
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import ToolError
from tests.support.sandboxes import Scene, sandboxed

pytestmark = sandboxed

# Links are left out: they lead to the program's own files. `>>` opens for writing and writes nothing.
WALK = """
find /proc /sys -type f 2>/dev/null | wc -l
find /proc /sys ! -type l -writable 2>/dev/null
find /proc /sys -type f 2>/dev/null | while read -r file; do { true >> "$file"; } 2>/dev/null && echo "$file"; done
"""
NOBODY = 65_534


@pytest.fixture
def scene() -> Generator[Scene]:
    """In a folder that every user may enter."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Scene(Path(folder))


@pytest.fixture(params=["root", "user"])
def user(request: pytest.FixtureRequest, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> str:
    """Who runs bubblewrap: root, or a user without any right."""
    if os.geteuid() != 0:
        if request.param == "root":
            pytest.skip("only root can be root")
        return "user"
    if request.param == "user":
        _become_nobody(scene.base / "bin", monkeypatch)
    return str(request.param)


def _become_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("setpriv") is None:
        pytest.skip("there is no setpriv to become another user with")
    folder.mkdir()
    wrapper = folder / "bwrap"
    nobody = f"--reuid={NOBODY} --regid={NOBODY} --clear-groups"
    wrapper.write_text(f'#!/bin/sh\nexec setpriv {nobody} -- {shutil.which("bwrap")} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@contextmanager
def kernel_mounted(at: Path) -> Generator[None]:
    """The files of the kernel, mounted inside a granted folder, as a root folder for `chroot` has them."""
    at.mkdir()
    if subprocess.run(["mount", "-t", "proc", "proc", str(at)], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


async def walked(scene: Scene, by: Sandbox) -> list[str]:
    """The files that could be written."""
    seen, *writable = (await scene.run("sh", "-c", WALK, by=by, limit=10_000_000)).output.split()
    assert int(seen) > 100
    return writable


async def test_a_program_finds_no_file_of_the_kernel_that_it_can_write(scene: Scene, user: str) -> None:
    assert await walked(scene, scene.sandbox) == []


async def test_a_grant_of_kernel_files_shows_none_of_them(scene: Scene, user: str) -> None:
    everything = scene.of([Path("/proc"), Path("/sys")], [Path("/proc/sys"), Path("/sys/kernel"), scene.write])
    assert await walked(scene, everything) == []
    assert (await scene.run("ls", "/sys", by=everything)).exit_code != 0


async def test_a_program_cannot_make_a_user_namespace_to_mount_more_in(scene: Scene, user: str) -> None:
    ran = await scene.shell("command -v unshare || exit 99; unshare --user true")
    if ran.exit_code == 99:
        pytest.skip("there is no unshare")
    assert ran.exit_code == 1
    assert "unshare failed" in ran.output


async def test_kernel_files_that_are_mounted_inside_a_granted_folder_are_not_seen(scene: Scene, user: str) -> None:
    with kernel_mounted(scene.write / "a b"):
        ran = await scene.shell(f"ls -A '{scene.write}/a b'; echo listed; cat '{scene.write}/a b/1/environ'")
    assert ran.output.startswith("listed\n")
    assert ran.exit_code == 1


async def test_what_a_program_needs_of_proc_is_there(scene: Scene) -> None:
    ran = await scene.shell(
        "echo out > /dev/stdout; echo err > /proc/self/fd/2; head -1 /proc/meminfo; ls /proc/self/fd"
    )
    assert ran.exit_code == 0
    assert "out\nerr\nMemTotal" in ran.output


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
@pytest.mark.parametrize("mode", ["required", "off"])
async def test_root_runs_programs_only_where_the_settings_say_so(
    scene: Scene, mode: Literal["required", "off"]
) -> None:
    assert not TaskEngineSettings().programs_as_root
    refusing = Sandbox([], [str(scene.write)], scene.home, [], mode)
    with pytest.raises(ToolError, match=r"set task_engine\.programs_as_root = true"):
        await scene.run("true", by=refusing)
