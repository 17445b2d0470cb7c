"""Running programs: argument lists, never a shell's lines, in a bubblewrap sandbox.

A program sees the system's programs and libraries, the granted folders, and nothing else: no network, no
other process, no variable of ours. Before it begins, what was put in place is compared with what was
granted, because a folder could have become a link in between. Without bubblewrap programs are refused,
unless the settings say `sandbox = "off"`; they then run as any program of the user does.

A sandboxed program has no capability, but it keeps its user, and the kernel lets root change /proc/sys by
that alone. So all of /proc is read-only, nothing of /sys is there, and no new user namespace can be made,
in which a program could mount more. Root's programs run only where the settings say so.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import stat
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from senter.component.ending import PIECE_BYTES
from senter.components.task_engine.contract.access import Ran
from senter.components.task_engine.permissions.folders import HeldFolder
from senter.components.task_engine.permissions.programs import ENVIRONMENT, SandboxStatus, begin
from senter.errors import ToolError

MOST_ARGUMENT_BYTES = 128 * 1024
SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
NEVER_BOUND = ("/", "/dev")
OF_THE_KERNEL = ("/proc", "/sys")
KERNEL_FILES = {"proc", "sysfs", "cgroup", "cgroup2", "bpf", "configfs", "debugfs", "devtmpfs", "securityfs", "tracefs"}
MEMORY_BYTES = 4 * 1024**3
FILE_BYTES = 1024**3
OPEN_FILES = 1_024
AT_THE_GATE = b"\n"
NOT_STARTED = (126, 127)
MISSING = ToolError(
    "Programs run only in a sandbox, and bubblewrap is not installed.",
    'Install bubblewrap 0.8 or newer, or set task_engine.sandbox = "off" at your own risk.',
)
AS_ROOT = ToolError(
    "Senter runs as root, where it starts no programs: "
    "run it as an ordinary user, or set task_engine.programs_as_root = true.",
)


@dataclass(frozen=True, slots=True)
class Mount:
    """One granted folder or file, and what it was when the sandbox was made."""

    path: Path
    writable: bool
    identity: tuple[int, int]

    @property
    def arguments(self) -> tuple[str, str, str]:
        return "--bind" if self.writable else "--ro-bind", str(self.path), str(self.path)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Runs programs that see the granted roots only. Its paths have no links in them."""

    read_roots: Sequence[str]
    write_roots: Sequence[str]
    closed: Path
    """A folder that is hidden, except where `opened` names a granted part of it."""
    opened: Sequence[Path]
    mode: Literal["required", "off"] = "required"
    as_root: bool = False

    async def run(self, argv: Sequence[str], *, folder: Path, timeout_seconds: float, limit_bytes: int) -> Ran:
        """Run it to its end. Raises `ToolError` when it takes too long or cannot be begun."""
        _check(argv)
        if os.name == "posix" and os.geteuid() == 0 and not self.as_root:
            raise ToolError(AS_ROOT.message)
        try:
            async with AsyncExitStack() as stack, asyncio.timeout(timeout_seconds):
                if self.mode == "off":
                    process = await begin(argv, stack, folder=folder)
                    _limit(process.pid, timeout_seconds)
                else:
                    process = await self._begin_inside(argv, folder, timeout_seconds, stack)
                return await _ran(process, argv, limit_bytes)
        except TimeoutError as error:
            text = f"{shlex.join(argv[:3])} took longer than {timeout_seconds:g} s and was ended."
            raise ToolError(text, trusted=True) from error

    async def _begin_inside(self, argv: Sequence[str], folder: Path, seconds: float, stack: AsyncExitStack) -> Process:
        program = shutil.which("bwrap")
        if program is None:
            raise ToolError(MISSING.message, MISSING.hint, trusted=True)
        mounts = self._mounts()
        status = await SandboxStatus.open()
        sandbox = [program, "--json-status-fd", str(status.tells), *self._arguments(mounts, folder)]
        process = await begin([*sandbox, "--", *_gate(seconds), *argv], stack, status=status)
        assert process.stdout is not None
        assert process.stdin is not None
        if (first := await process.stdout.readline()) != AT_THE_GATE:
            said = (first + await process.stdout.read(500)).decode(errors="replace").strip()
            raise ToolError(f"The sandbox cannot be made: {said}.", MISSING.hint)
        innermost = await status.innermost()
        assert innermost is not None
        _verify(innermost.pid, mounts)
        process.stdin.write(b"go\n")
        process.stdin.close()
        return process

    def _arguments(self, mounts: Sequence[Mount], folder: Path) -> list[str]:
        arguments = ["--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
        arguments += ["--die-with-parent", "--new-session", "--clearenv"]
        arguments += [part for name, value in ENVIRONMENT.items() for part in ("--setenv", name, value)]
        arguments += [part for path in SYSTEM_FOLDERS for part in _system(Path(path))]
        arguments += [part for path in SYSTEM_FILES for part in ("--ro-bind-try", path, path)]
        arguments += ["--proc", "/proc", "--remount-ro", "/proc"]
        arguments += ["--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108  the sandbox's own
        outer = [mount for mount in mounts if not self._inside_closed(mount.path)]
        inner = [mount for mount in mounts if self._inside_closed(mount.path)]
        arguments += [part for mount in outer for part in mount.arguments]
        arguments += ["--tmpfs", str(self.closed)]
        arguments += [part for mount in inner for part in mount.arguments]
        arguments += [part for path in _kernel_mounts(mounts) for part in ("--tmpfs", path, "--remount-ro", path)]
        return [*arguments, "--chdir", str(folder)]

    def _mounts(self) -> tuple[Mount, ...]:
        """What is to be seen, outer folders first, so that inner ones lie on top."""
        writable = {Path(root) for root in self.write_roots}
        readable = {Path(root) for root in self.read_roots} - writable
        readable = {path for path in readable if not any(path.is_relative_to(outer) for outer in writable)}
        wanted = sorted(writable | readable, key=lambda path: (len(path.parts), path))
        found = (_mount(path, writable=path in writable) for path in wanted if self._may_be_seen(path))
        return tuple(mount for mount in found if mount is not None)

    def _may_be_seen(self, path: Path) -> bool:
        if not path.is_absolute() or str(path) in NEVER_BOUND or any(map(path.is_relative_to, OF_THE_KERNEL)):
            return False
        return not self._inside_closed(path) or any(path.is_relative_to(folder) for folder in self.opened)

    def _inside_closed(self, path: Path) -> bool:
        return path.is_relative_to(self.closed)


def _check(argv: Sequence[str]) -> None:
    if not argv or not argv[0] or argv[0].startswith("-"):
        raise ToolError("No program is named.", trusted=True)
    if any("\0" in part for part in argv) or sum(len(os.fsencode(part)) for part in argv) > MOST_ARGUMENT_BYTES:
        raise ToolError("These arguments are too long or hold a character that no argument can.", trusted=True)


def _gate(seconds: float) -> tuple[str, ...]:
    """What comes before the program: it takes on bounds, says that the sandbox stands, and waits to be let through."""
    bounds = {"c": 0, "f": FILE_BYTES // 512, "n": OPEN_FILES, "t": int(seconds) + 1, "v": MEMORY_BYTES // 1024}
    steps = [f"ulimit -{name} {most} 2>/dev/null" for name, most in bounds.items()]
    return "sh", "-c", "; ".join([*steps, "echo", "read -r _ || exit", 'exec "$@" </dev/null']), "sh"


def _mount(path: Path, *, writable: bool) -> Mount | None:
    try:
        with HeldFolder.open(path.parent) as folder:
            found = folder.status(path.name)
    except ToolError:
        return None  # a granted folder that is gone is not seen
    if found is None or not (stat.S_ISDIR(found.st_mode) or stat.S_ISREG(found.st_mode)):
        return None
    return Mount(path, writable, (found.st_dev, found.st_ino))


def _kernel_mounts(mounts: Sequence[Mount]) -> list[str]:
    """Where a granted folder holds files of the kernel, as a folder for chroot does: they show every process."""
    found = (one.mountpoint for one in psutil.disk_partitions(all=True) if one.fstype in KERNEL_FILES)
    return sorted(path for path in found if any(Path(path).is_relative_to(mount.path) for mount in mounts))


def _system(path: Path) -> tuple[str, ...]:
    """A folder of the system as it is there: a link stays a link."""
    if path.is_symlink():
        return ("--symlink", str(path.readlink()), str(path))
    return ("--ro-bind", str(path), str(path)) if path.is_dir() else ()


def _verify(child: int, mounts: Sequence[Mount]) -> None:
    """Compare what the sandbox holds with what was granted: nothing became something else meanwhile."""
    for mount in mounts:
        inside = Path(f"/proc/{child}/root{mount.path}")
        try:
            found = inside.lstat()
        except OSError as error:
            raise ToolError(f"The sandbox cannot be checked: {error.strerror}.") from error
        if (found.st_dev, found.st_ino) != mount.identity:
            raise ToolError(f"{mount.path} changed while the sandbox was made.", retryable=True)


def _limit(pid: int, seconds: float) -> None:
    """Bounds that a runaway program meets before the machine does."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    cpu_seconds = int(seconds) + 1
    limits = {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for name, most in limits.items():
        with suppress(ProcessLookupError):  # it may have ended already
            hard = resource.prlimit(pid, name)[1]
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.prlimit(pid, name, (bound, bound))


async def _ran(process: Process, argv: Sequence[str], limit_bytes: int) -> Ran:
    """Wait for the end. What is written beyond the limit is read and dropped, so that nobody blocks."""
    assert process.stdout is not None
    kept, truncated = bytearray(), False
    while piece := await process.stdout.read(PIECE_BYTES):
        truncated = truncated or len(kept) + len(piece) > limit_bytes
        kept += piece[: limit_bytes - len(kept)]
    exit_code = await process.wait()
    output = kept.decode(errors="replace")
    if exit_code in NOT_STARTED and output.startswith("sh: ") and argv[0] in output:
        raise ToolError(f"There is no program {argv[0]} in the sandbox.", trusted=True)
    return Ran(exit_code, output, truncated)
