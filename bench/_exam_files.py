"""Examines model files and writes what that showed to shipped.json, which ships with Senter. Takes minutes for each.

    python bench/_exam_files.py FILE...        the record of each, by the file's SHA-256
    python bench/_exam_files.py --dry FILE...  prints it only

A file is examined with values drawn anew each time; one record is written for each run of this program.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

import structlog

from measuring.homes import scratch_home
from senter.clock import SystemClock
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.exam.results import SHIPPED, ExamRecord, shipped
from senter.components.models.exam.scoring import tally
from senter.components.models.exam.sitting import Limits, Sitting, at_once
from senter.components.models.settings import PrimarySettings
from senter.components.models.speed import SpeedRecords
from senter.weights.cache import sum_of

LIMITS = Limits(seconds=3_600)
"""A file that ships with Senter may take longer than one that is examined while people wait."""


async def examined(file: Path) -> ExamRecord:
    settings = PrimarySettings(embedded_model=str(file), threads=os.cpu_count() or 1)
    with scratch_home() as home:
        model = EmbeddedModel(
            settings, home / "m.sock", SpeedRecords(home / "speed.json"), structlog.stdlib.get_logger("bench")
        )
        try:
            sitting = Sitting(
                endpoint=await model.endpoint(),
                model=model.name,
                clock=SystemClock(),
                asking=at_once,
                progress=lambda done, of: print(f"{file.name}: {done + 1} of {of}", file=sys.stderr),
                tries_context=False,
                limits=LIMITS,
            )
            outcome = await sitting.outcome()
            for mark in outcome.marked:
                if not mark.passed:
                    print(f"failed: {mark.task.level} {mark.task.kind}", file=sys.stderr)
        finally:
            await model.close()
    return ExamRecord(
        model=model.name,
        level=outcome.level,
        features=outcome.features,
        passed=tally(outcome.marked),
        seconds=round(sitting.spent.seconds, 1),
        tokens=sitting.spent.tokens,
        at=SystemClock().now(),
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--dry", action="store_true", help="print the records only")
    options.add_argument("files", nargs="+", type=Path)
    chosen = options.parse_args()
    records = dict(shipped())
    for file in chosen.files:
        records[sum_of(file)] = asyncio.run(examined(file))
        print(records[sum_of(file)].model_dump_json())
    if not chosen.dry:
        rows = {
            digest: record.model_dump(mode="json", exclude={"address", "told", "why", "broken_off"})
            for digest, record in records.items()
        }
        SHIPPED.write_text(f"{json.dumps(rows, indent=1)}\n", "utf-8")


if __name__ == "__main__":
    main()
