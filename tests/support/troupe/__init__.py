"""Components that play a part in tests: found by entry point, as those of third parties are."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
ENTRIES = {
    "moody": "tests.support.troupe.moody:SPEC",
    "witness": "tests.support.troupe.witness.spec:SPEC",
    "broken": "tests.support.troupe.broken:SPEC",
    "hollow": "tests.support.troupe.hollow:SPEC",
    "mute": "tests.support.troupe.mute:SPEC",
    "flooder": "tests.support.troupe.flooder.spec:SPEC",
}


def installed(home: Path, *names: str) -> dict[str, str]:
    """Have the daemon of this home find these components. Returns the environment it needs for that."""
    folder = home / "site" / "troupe-1.dist-info"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: troupe\nVersion: 1\n")
    lines = ["[senter.components]", *(f"{name} = {ENTRIES[name]}" for name in names)]
    (folder / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return {"PYTHONPATH": os.pathsep.join([str(home / "site"), *code_path()])}


def code_path() -> list[str]:
    """Where the code under test, and the tests, are."""
    return [str(REPOSITORY / "src"), str(REPOSITORY)]
