"""Every database file of a home, harmed in every way: rows lost without a word, and readable rows that were not saved.

The files are made by the owners' own migrations and filled, with a snapshot of their first 80 % and their last 10 %
in the -wal. The index of documents is not among them: its component makes it again from the documents.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from measuring.homes import scratch_home
from measuring.report import Report, run_figure
from senter.components.specs import SPECS
from tests.support.database_damage import HARMS, Outcome, make, try_out

OWNERS = {**{spec.database: spec.package for spec in SPECS if spec.database}, "supervisor": "senter.supervisor"}
BY_CHANCE = ("truncated", "bit flipped", "page lost")


def outcomes(folder: Path, rows: int, tries: int) -> dict[tuple[str, str], list[Outcome]]:
    """By database and harm."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for name, migrations in OWNERS.items():
        whole = folder / name
        whole.mkdir()
        make(whole / f"{name}.db", migrations, rows)
        for harm in HARMS:
            for seed in range(tries if harm.startswith(BY_CHANCE) else 1):
                harmed = shutil.copytree(whole, folder / "harmed")
                found.setdefault((name, harm), []).append(try_out(harmed / f"{name}.db", migrations, HARMS[harm], seed))
                shutil.rmtree(harmed)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--tries", type=int, default=8)
    chosen = parser.parse_args()

    def figure() -> Report:
        report = Report("database_damage", __doc__ or "")
        with scratch_home() as folder:
            found = outcomes(folder, chosen.rows, chosen.tries)
        for name in OWNERS:
            for harm in HARMS:
                add(report, f"{name}, {harm}", found[name, harm])
        every = [one for some in found.values() for one in some]
        report.single("database files", len(OWNERS), "files")
        report.single("cases", len(every), "cases")
        report.single("left out for want of the row they refer to", sum(one.left_out for one in every), "rows")
        report.at_most("lost without a word", sum(one.lost_without_a_word for one in every), 0, "rows")
        report.at_most("readable and not saved", sum(one.readable_not_saved for one in every), 0, "rows")
        return report

    run_figure(figure, limit_seconds=600)


def add(report: Report, what: str, some: list[Outcome]) -> None:
    for field in ("before", "readable", "after", "lost", "lost_without_a_word", "readable_not_saved"):
        report.single(f"{what}: {field}", sum(getattr(one, field) for one in some), "rows")


if __name__ == "__main__":
    main()
