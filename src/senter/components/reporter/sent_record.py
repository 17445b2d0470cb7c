"""What was sent, in a file of its own beside activity.db, so that nothing comes twice when the database falls back.

A line for each beginning, on disk before a byte leaves, and one where the target certainly did not take it. Nothing is
read from here but by what the database no longer knows: what it knows, it knows better.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from senter.clock import Clock
from senter.files import make_private_file, replacing
from senter.store.failures import file_errors
from senter.store.stamps import stamp

# Longer than any event may come again, and any snapshot is kept.
KEPT = timedelta(days=120)
BEGUN, REFUSED = "begun", "refused"


class SentRecord:
    """One line is `MOMENT WORD KEY`; a key names what was told and the target."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._begun: dict[str, str] = {}
        with file_errors(path):
            make_private_file(path)
            self._read()
            self._forget_older(clock.now() - KEPT)

    def may_have_arrived(self, origin: str, target: str) -> bool:
        """Whether it was begun, and nothing says that the target did not take it."""
        return _key(origin, target) in self._begun

    def begin(self, origin: str, target: str) -> None:
        """Just before a byte leaves. Raises `StorageFull`: nothing may leave then."""
        key, now = _key(origin, target), stamp(self._clock.now())
        self._add(now, BEGUN, key, sync=True)
        self._begun[key] = now

    def refused(self, origin: str, target: str) -> None:
        """It did not arrive, and is tried again. Where that is lost, it is taken as begun."""
        key = _key(origin, target)
        self._begun.pop(key, None)
        self._add(stamp(self._clock.now()), REFUSED, key, sync=False)

    def _add(self, moment: str, word: str, key: str, *, sync: bool) -> None:
        with file_errors(self._path), self._path.open("a", encoding="ascii") as file:
            file.write(f"{moment} {word} {key}\n")
            file.flush()
            if sync:
                os.fsync(file.fileno())

    def _read(self) -> None:
        text = self._path.read_text(encoding="ascii", errors="replace")
        if not text.endswith("\n"):  # what is added begins a line of its own
            with self._path.open("a", encoding="ascii") as file:
                file.write("\n")
        for line in text.splitlines():
            match line.split(" "):
                case [moment, "begun", key]:
                    self._begun[key] = moment
                case [_, "refused", key]:
                    self._begun.pop(key, None)
                case _:  # a line that was cut off
                    continue

    def _forget_older(self, oldest: datetime) -> None:
        kept = {key: moment for key, moment in self._begun.items() if moment >= stamp(oldest)}
        if len(kept) < len(self._begun):
            with replacing(self._path) as file:
                file.writelines(f"{moment} {BEGUN} {key}\n" for key, moment in kept.items())
            self._begun = kept


def _key(origin: str, target: str) -> str:
    return sha256(f"{origin}\n{target}".encode()).hexdigest()[:32]
