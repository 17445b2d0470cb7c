"""How far a fetch is, for people: one line with a bar, and on a terminal drawn over itself."""

from __future__ import annotations

import shutil
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from senter.weights.catalogue import Weights
    from senter.weights.sources import WeightsSource

DRAW_SECONDS = 0.2
WIDTH = 16


def bar(done_bytes: int, size_bytes: int, bytes_a_second: float) -> str:
    """`[####    ] 312 of 1,117 MB, 73 s left`."""
    full = WIDTH * done_bytes // size_bytes
    left = f", {(size_bytes - done_bytes) / bytes_a_second:,.0f} s left" if bytes_a_second > 0 else ""
    return f"[{'#' * full}{' ' * (WIDTH - full)}] {done_bytes // 10**6:,} of {size_bytes // 10**6:,} MB{left}"


class ProgressBar:
    """The bar of one fetch; gone when it ends. Where the stream is no terminal it draws nothing."""

    def __init__(self, stream: TextIO, size_bytes: int) -> None:
        self._stream = stream
        self._size_bytes = size_bytes
        self._first: tuple[float, int] | None = None
        self._drawn = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self._draw("")

    def begins(self, source: WeightsSource, weights: Weights) -> None:
        self._first = None

    def arrived(self, done_bytes: int) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = now, done_bytes
        if now - self._drawn >= DRAW_SECONDS and self._stream.isatty():
            self._drawn = now
            since, first = self._first
            line = "Fetching " + bar(done_bytes, self._size_bytes, (done_bytes - first) / max(now - since, 1e-3))
            self._draw(line[: shutil.get_terminal_size().columns - 1])

    def failed(self, source: WeightsSource, reason: str) -> None:
        """The next source goes on, or the daemon tries again later and says why it could not."""

    def _draw(self, line: str) -> None:
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()
