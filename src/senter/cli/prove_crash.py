"""`senter prove-crash`: kill a scratch Senter again and again, and show what came of its goals."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from senter.errors import StartError
from senter.terminal import output
from senter.terminal.options import json_option

if TYPE_CHECKING:
    from senter.operations.crash_findings import Findings
    from senter.operations.prove_crash import Proof

FAILED = 1

# What is found, as people read it; all but the first five must be none.
MEANINGS = {
    "goals": "goals asked for",
    "completed": "goals completed",
    "attempts_cut_off": "attempts that a kill cut off",
    "effects": "effects of tools",
    "decided_by_a_person": "unknown outcomes decided by a person",
    "goals_lost": "goals lost",
    "tasks_lost": "goals with tasks lost",
    "goals_open": "goals that did not end",
    "completed_tasks_run_again": "completed tasks run again",
    "once_only_doubled": "once-only effects doubled",
    "effects_unaccounted_for": "effects unaccounted for",
    "results_without_effect": "results without their effect",
}
ANY = 5


@click.command("prove-crash", epilog="Examples: senter prove-crash, senter prove-crash --kills 500")
@click.option("--kills", default=40, show_default=True, type=click.IntRange(1, 100_000), help="How many kills.")
@click.option("--seed", type=click.IntRange(min=0), help="Choose the same kills as a run before; it is printed.")
@json_option
def prove_crash(kills: int, seed: int | None, as_json: bool) -> int:
    """Prove on this machine that crashes lose and double nothing.

    In a home of its own, beside your Senter and without touching it, goals are carried out while processes are
    killed with kill -9, at every step of the journal and at random. Takes about a second for each kill.
    """
    from senter.operations import prove_crash as proving

    with _folder() as folder:
        proof = proving.prove_crash(folder, kills, seed=seed, progress=lambda now: _tell(now, kills))
    findings = proof.findings
    if findings is None:
        raise AssertionError("a proof that ended has findings")
    if as_json:
        output.print_json(_as_json(proof, findings))
    else:
        _show(proof, findings)
    return 0 if findings.hold else FAILED


@contextmanager
def _folder() -> Generator[Path]:
    """A short one, removed at the end; kept for whoever looks for the cause where the proof could not end."""
    folder = Path(tempfile.mkdtemp(prefix="sn"))
    try:
        yield folder
    except StartError as error:
        raise StartError(error.message, f"{error.hint} Its home is kept: {folder}") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _tell(proof: Proof, kills: int) -> None:
    if output.is_terminal():
        click.echo(f"\r{proof.kills.total()} of {kills} kills", err=True, nl=proof.kills.total() >= kills)


def _show(proof: Proof, findings: Findings) -> None:
    output.print_table(("Killed", "Times"), _counted(proof.kills))
    output.print_table(("At", "Times"), _counted(proof.boundaries))
    rows: list[output.Row] = []
    for place, (name, meaning) in enumerate(MEANINGS.items()):
        number: int = getattr(findings, name)
        wrong = output.BAD if number else output.GOOD
        rows.append((meaning, (str(number), "" if place < ANY else wrong)))
    output.print_table(("Found", "Number"), rows)
    verdict = "Every promise was kept" if findings.hold else "A promise was broken"
    output.say(f"{verdict}: {proof.kills.total()} kills in {output.duration(proof.seconds)}, seed {proof.seed}.")


def _counted(counts: Counter[str]) -> list[tuple[str, str]]:
    return [(name, str(count)) for name, count in counts.most_common()]


def _as_json(proof: Proof, findings: Findings) -> dict[str, object]:
    return {
        "kept": findings.hold,
        "seed": proof.seed,
        "seconds": round(proof.seconds, 3),
        "kills": dict(proof.kills),
        "boundaries": dict(proof.boundaries),
        "findings": {name: getattr(findings, name) for name in MEANINGS},
    }
