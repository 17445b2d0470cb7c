"""What became of a damaged database, in the words that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from senter.store.salvage import Salvaged

UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"))


@dataclass(frozen=True, slots=True)
class Restored:
    """`salvaged` is empty where all of it is from the snapshot; `changes_missing` is as in tally.py."""

    name: str
    damage: str
    salvaged: Salvaged | None
    snapshot: Path | None
    snapshot_age: timedelta | None
    changes_missing: int | None
    """None where no tally says it."""

    def sentence(self) -> str:
        return f"{self.name} was damaged ({self.damage}): {self._done()}"

    def rows_missing(self) -> Mapping[str, int] | None:
        """At most, for each table; `None` where it is not known."""
        if not self.salvaged:
            return None
        return {table.name: table.missing for table in self.salvaged.tables if table.missing}

    def _done(self) -> str:
        if self.salvaged:
            return f"{_copied(self.salvaged, self._age())}{self._lacking() or _all_there(self.salvaged)}."
        if self.snapshot:
            return f"it was replaced by the snapshot {self.snapshot.name}, {self._age()} old{self._lacking()}."
        return f"it was replaced by an empty file, for want of a good snapshot{self._lacking() or '; all is missing'}."

    def _lacking(self) -> str:
        changes = self.changes_missing
        if changes is None and self.snapshot:
            return "; how many rows that came after it are missing is not known"
        return f"; up to {changes:,} rows that were added, changed or removed since are missing" if changes else ""

    def _age(self) -> str:
        return _words(self.snapshot_age) if self.snapshot_age is not None else ""


def _copied(salvaged: Salvaged, age: str) -> str:
    rows = sum(table.rows - table.put_back for table in salvaged.tables)
    put_back = sum(table.put_back for table in salvaged.tables)
    parts = [f"{rows:,} rows were copied into a new file"]
    if put_back:
        parts.append(f"{put_back:,} that could not be read came from a snapshot that is {age} old")
    if lacking := [
        f"{table.name} {table.missing:,}" for table in salvaged.tables if table.missing and not table.unknown
    ]:
        parts.append(f"missing at most: {', '.join(lacking)}")
    if unknown := [table.name for table in salvaged.tables if table.unknown]:
        parts.append(f"how many are missing of {', '.join(unknown)} is not known")
    if salvaged.altered_texts:
        parts.append(f"{salvaged.altered_texts:,} texts have characters that could not be read")
    return "; ".join(parts)


def _all_there(salvaged: Salvaged) -> str:
    return "" if any(table.missing or table.unknown for table in salvaged.tables) else "; none is missing"


def _words(age: timedelta) -> str:
    seconds = max(age.total_seconds(), 0)
    for length, name in UNITS:
        if seconds >= 2 * length:
            return f"{int(seconds // length)} {name}"
    return f"{int(seconds)} seconds"
