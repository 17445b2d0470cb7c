"""Has a database fall back to an older copy of itself, by the way that damage takes."""

from __future__ import annotations

from senter.clock import SystemClock
from senter.paths import Paths
from senter.store.recovery import SIDE_FILES
from senter.store.snapshots import Snapshots


def take_snapshot(paths: Paths, name: str) -> None:
    """What a database falls back to from now on; others may go on writing it."""
    Snapshots(paths.snapshots, name, SystemClock()).take(paths.database(name))


def wreck(paths: Paths, name: str) -> None:
    """Leave nothing of a closed database that could be read: the next open takes the newest snapshot."""
    path = paths.database(name)
    path.write_bytes(b"\xde\xad" * 8_192)
    for side in SIDE_FILES:
        path.with_name(path.name + side).unlink(missing_ok=True)
