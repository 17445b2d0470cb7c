"""The cache: what it holds, and what it takes for damaged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from senter.errors import Conflict
from senter.weights.cache import WeightsCache
from senter.weights.catalogue import Weights
from tests.support.weights_server import some_weights

CONTENT = os.urandom(50_000)


@pytest.fixture
def weights() -> Weights:
    return some_weights(CONTENT)


@pytest.fixture
def cache(tmp_path: Path) -> WeightsCache:
    return WeightsCache(tmp_path / "cache")


def kept(cache: WeightsCache, weights: Weights, content: bytes = CONTENT) -> Path:
    cache.folder.mkdir(exist_ok=True)
    cache.partial(weights).write_bytes(content)
    return cache.keep(weights)


def test_a_kept_file_is_read_only_and_named_by_its_sum(cache: WeightsCache, weights: Weights) -> None:
    path = kept(cache, weights)
    assert path.name == f"{weights.sha256}.gguf"
    assert path.stat().st_mode & 0o777 == 0o444
    assert cache.holds(weights)


def test_a_file_of_another_size_is_not_held(cache: WeightsCache, weights: Weights) -> None:
    path = kept(cache, weights)
    path.chmod(0o644)
    path.write_bytes(CONTENT[:-1])
    assert not cache.holds(weights)


def test_a_file_that_was_changed_in_place_is_not_held(cache: WeightsCache, weights: Weights) -> None:
    path = kept(cache, weights)
    assert cache.holds(weights)
    path.chmod(0o644)
    path.write_bytes(CONTENT[:-1] + b"\0" if CONTENT[-1] else CONTENT[:-1] + b"\1")
    assert not cache.holds(weights)


def test_the_sum_is_taken_once_while_size_and_time_stay(cache: WeightsCache, weights: Weights) -> None:
    path = kept(cache, weights)
    cache.holds(weights)
    os.utime(path, ns=(1, 1))
    (cache.folder / f"{weights.sha256}.json").unlink()
    assert cache.holds(weights)
    before = (cache.folder / f"{weights.sha256}.json").stat().st_ino
    assert cache.holds(weights)
    assert (cache.folder / f"{weights.sha256}.json").stat().st_ino == before


def test_what_is_removed_is_gone_with_all_that_belongs_to_it(cache: WeightsCache, weights: Weights) -> None:
    kept(cache, weights)
    assert cache.remove(weights)
    assert not cache.holds(weights)
    assert not cache.remove(weights)
    assert [path.suffix for path in cache.folder.iterdir()] == [".lock"]


def test_a_loaded_file_that_is_removed_stays_readable_for_who_has_it_open(
    cache: WeightsCache, weights: Weights
) -> None:
    with kept(cache, weights).open("rb") as loaded:
        cache.remove(weights)
        assert loaded.read() == CONTENT


def test_only_one_writes_a_file(cache: WeightsCache, weights: Weights) -> None:
    with cache.locked(weights), pytest.raises(Conflict), cache.locked(weights):
        pass
    with cache.locked(weights):
        pass
