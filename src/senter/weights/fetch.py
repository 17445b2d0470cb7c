"""Fetch one file of weights: from the first source that hands it over, into the cache, checked as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from senter.errors import ModelUnavailable, StorageFull
from senter.weights.cache import WeightsCache, sum_of
from senter.weights.catalogue import Weights
from senter.weights.partial import Partial, SourceFailed, cannot_write, check_space
from senter.weights.sources import WeightsSource


class Listener(Protocol):
    """Who is told how it goes."""

    def begins(self, source: WeightsSource, weights: Weights) -> None:
        """Before the first byte is asked for."""
        ...

    def arrived(self, done_bytes: int) -> None: ...

    def failed(self, source: WeightsSource, reason: str) -> None: ...


def fetch(weights: Weights, cache: WeightsCache, sources: Sequence[WeightsSource], listener: Listener) -> Path:
    """The file in the cache, fetched where it is not there. Waits for another process that fetches it.

    Raises `ModelUnavailable` that names what each source said, and `StorageFull`. What arrived is kept for the
    next time, unless the disk is full or the sum is wrong.
    """
    if cache.holds(weights):
        return cache.path(weights)
    try:
        with cache.locked(weights, wait=True):
            return cache.path(weights) if cache.holds(weights) else _fetch(weights, cache, sources, listener)
    except OSError as error:
        raise cannot_write(error, cache.folder) from error


def _fetch(weights: Weights, cache: WeightsCache, sources: Sequence[WeightsSource], listener: Listener) -> Path:
    said: list[str] = []
    for source in sources:
        listener.begins(source, weights)
        try:
            _hand_over(weights, cache, source, listener.arrived)
            return cache.keep(weights)
        except SourceFailed as error:
            listener.failed(source, str(error))
            said.append(f"{source.place}: {error}")
        except StorageFull:
            with suppress(OSError):  # the disk is needed more urgently for what is already there
                cache.partial(weights).unlink()
            raise
    raise ModelUnavailable(
        f"{weights.title} could not be fetched. {'; '.join(said) or 'There is nowhere to fetch it from'}.",
        f"Try again with: senter models get {weights.name}. A file of yours does too: add --file PATH",
    )


def _hand_over(weights: Weights, cache: WeightsCache, source: WeightsSource, tell: Callable[[int], None]) -> None:
    path = cache.partial(weights)
    partial = Partial(path, weights.size_bytes, tell)
    try:
        check_space(cache.folder, weights.size_bytes - partial.arrived + weights.part_bytes)
        if not partial.whole:
            source.hand_over(partial)
    finally:
        partial.close()
    if sum_of(path) != weights.sha256:
        path.unlink()
        raise SourceFailed("what it handed over is not the file: its SHA-256 is another one")
