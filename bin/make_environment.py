"""Make .venv at the root of the repository, or bring it in line with the lock file.

Standard library only, run by the first Python that fits. A lock held on a file makes a second run wait;
the system frees it when its holder dies. The installed lock file is copied into .venv last, so that an
interrupted run is noticed and begun anew. Where the command to come starts the daemon, the default model is fetched
meanwhile, by a process of its own; what has not arrived when the environment is made, the daemon goes on with.
"""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"
UNFINISHED = "unfinished"
LEAST_FREE_BYTES = 5 * 1024 * 1024
STARTS_NOTHING = frozenset(
    {"config", "help", "logs", "panic", "prove-crash", "service", "status", "stop", "understand", "version"}
)
WITHOUT_A_MODEL = frozenset({"--small", "--no-start", "--help", "-h"})

NO_SPACE = ("No space left on device", "os error 28", "Disk quota exceeded")
NO_REGISTRY = (
    "Could not find a version",
    "No matching distribution",
    "NewConnectionError",
    "Connection refused",
    "Failed to fetch",
    "error sending request",
    "not found in the package registry",
    "Network connectivity is disabled",
)
NO_VENV = ("ensurepip is not available", "No module named ensurepip", "No module named venv")


class CannotMake(Exception):
    """The environment cannot be made; holds the one sentence to say."""


@dataclass(frozen=True)
class Place:
    """The files this works with."""

    root: Path

    @property
    def environment(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def unfinished(self) -> Path:
        return self.environment / UNFINISHED

    @property
    def log(self) -> Path:
        return self.root / ".venv-log"

    def is_current(self, lock: str) -> bool:
        """Whether what `lock` names is installed. An environment that is linked in is someone else's to keep."""
        if not self.python.exists():
            return False
        if self.environment.is_symlink():
            return True
        stamp = self.environment / lock
        return stamp.exists() and stamp.read_bytes() == (self.root / lock).read_bytes()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--dev", action="store_true", help="with what the checks and tests need")
    parser.add_argument("command", nargs="*", help="what is to be run in it then; after --")
    arguments = parser.parse_args()
    place = Place(arguments.root)
    lock = DEV_LOCK if arguments.dev else LOCK
    try:
        bring_in_line(place, lock, arguments.command)
    except CannotMake as error:
        print(f"senter: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"senter: {_sentence(place, error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("senter: interrupted; the next run makes the environment anew.", file=sys.stderr)
        return 1
    return 0


def bring_in_line(place: Place, lock: str, command: Sequence[str]) -> None:
    if place.is_current(lock):
        return
    with one_at_a_time(place) as held:
        if not place.is_current(lock):  # another run may have done it while this one waited
            say("Making the environment (once, about a minute) ...")
            with model_beside(place, command):
                make(place, lock, held)


def _starts_the_daemon(command: Sequence[str]) -> bool:
    """Whether the command to come needs a daemon that may use a model."""
    if not command or command[0].startswith("-") or STARTS_NOTHING.intersection(command[:1]):
        return False
    return not WITHOUT_A_MODEL.intersection(command) and os.environ.get("SENTER_NO_START", "") in ("", "0")


@contextmanager
def model_beside(place: Place, command: Sequence[str]) -> Generator[None]:
    """Have the default model fetched during the block, where the command to come may use it."""
    if not _starts_the_daemon(command):
        yield
        return
    fetch = (sys.executable, "-P", "-m", "senter.weights", "first", "--parent", str(os.getpid()))
    environment = {**os.environ, "PYTHONPATH": str(place.root / "src")}
    fetching = subprocess.Popen(fetch, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment)
    try:
        yield
    finally:
        fetching.terminate()
        fetching.wait()


def make(place: Place, lock: str, held: int) -> None:
    fresh = place.unfinished.exists() or not place.python.exists()
    if fresh:
        shutil.rmtree(place.environment, ignore_errors=True)
    for stamp in (LOCK, DEV_LOCK):
        (place.environment / stamp).unlink(missing_ok=True)
    place.log.unlink(missing_ok=True)
    try:
        install(place, lock, held, fresh)
    except CannotMake:
        if not fresh:  # the installer took back what it began
            place.unfinished.unlink(missing_ok=True)
        raise
    # bin/test's packages are bin/senter's and more.
    for stamp in {LOCK, lock}:
        new = place.environment / f"{stamp}.new"
        shutil.copyfile(place.root / stamp, new)
        new.replace(place.environment / stamp)
    place.unfinished.unlink()


def install(place: Place, lock: str, held: int, fresh: bool) -> None:
    """With uv where there is one; with pip where there is none, or uv cannot reach what pip may."""
    uv = shutil.which("uv")
    if uv:
        try:
            install_with_uv(place, lock, held, uv)
        except CannotMake:
            if fresh:
                shutil.rmtree(place.environment, ignore_errors=True)
        else:
            return
    install_with_pip(place, lock, held)


def install_with_uv(place: Place, lock: str, held: int, uv: str) -> None:
    python = str(place.python)
    if not place.python.exists():
        run(place, held, uv, "venv", "--quiet", "--python", sys.executable, str(place.environment))
    place.unfinished.touch()
    what = ("--no-deps", "--require-hashes", "--compile-bytecode", "-r", str(place.root / lock))
    run(place, held, uv, "pip", "install", "--quiet", "--python", python, *what)


def install_with_pip(place: Place, lock: str, held: int) -> None:
    if not place.python.exists():
        place.environment.mkdir(exist_ok=True)
        place.unfinished.touch()
        run(place, held, sys.executable, "-m", "venv", str(place.environment))
    elif not (place.environment / "bin/pip").exists():
        run(place, held, str(place.python), "-m", "ensurepip")
    place.unfinished.touch()
    what = ("--no-deps", "--require-hashes", "--compile", "--disable-pip-version-check", "-r", str(place.root / lock))
    run(place, held, str(place.python), "-m", "pip", "install", "--no-input", "--progress-bar", "off", *what)


def run(place: Place, held: int, *command: str) -> None:
    """Run one installer step into the log. It holds the lock too: it may outlive this process."""
    with place.log.open("ab") as log:
        log.write(f"$ {' '.join(command)}\n".encode())
        log.flush()
        begin = log.tell()
        kept = (held,) if os.name == "posix" else ()
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False, pass_fds=kept)
    if ended.returncode:
        with place.log.open("rb") as log:
            log.seek(begin)
            raise CannotMake(why(place, log.read().decode(errors="replace"), ended.returncode))


def why(place: Place, output: str, status: int) -> str:
    details = f"Details: {place.log}"
    # Not every installer passes on why it failed, and the log is on the same disk.
    is_full = shutil.disk_usage(place.root).free < LEAST_FREE_BYTES
    if is_full or any(words in output for words in NO_SPACE):
        return f"there is no space left on the disk for {place.environment} (about 500 MB). {details}"
    if any(words in output for words in NO_VENV):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"this Python cannot make environments; install python{version}-venv, or uv. {details}"
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in output or "Hash mismatch" in output:
        return f"the package registry offers other files than the lock file names; nothing was used. {details}"
    if any(words in output for words in NO_REGISTRY):
        return f"the package registry cannot be reached, or lacks a package. Check the network and try again. {details}"
    return f"installing the packages failed (exit status {status}). {details}"


def _sentence(place: Place, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"there is no space left on the disk for {place.environment} (about 500 MB)."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return (
            f"{place.root} cannot be written to, so the environment cannot be made there. Copy it to a folder of yours."
        )
    return f"the environment cannot be made in {place.root}: {error.strerror or error}."


def say(text: str) -> None:
    if sys.stderr.isatty():
        print(text, file=sys.stderr, flush=True)


@contextmanager
def one_at_a_time(place: Place) -> Generator[int]:
    """Hold the lock while the environment is made; yields its descriptor."""
    descriptor = os.open(place.root / ".venv-lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait_for(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _wait_for(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _wait_for(descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run makes the environment; waiting for it ...")
            fcntl.flock(descriptor, fcntl.LOCK_EX)


if __name__ == "__main__":
    sys.exit(main())
