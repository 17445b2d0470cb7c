"""From a fresh clone to the first sensible answer: `bin/senter ask` in an empty home, the whole command.

The environment is made each time, from what pip has in its cache; the default model lies in the folder of models, and
its sum is taken. `--fetch` fetches it and all packages anew as well: 1.5 GB. A model counts as sensible when 8 of 10
questions with short known answers come right.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from measuring.homes import ROOT
from measuring.report import Report, run_figure
from senter.weights.cache import WeightsCache, folder_of
from senter.weights.catalogue import BRAIN, find_weights

QUESTIONS = {
    "What is Python?": r"programming language",
    "What is the capital of Australia?": r"canberra",
    "What is 17 times 23?": r"\b391\b",
    "Who wrote Romeo and Juliet?": r"shakespeare",
    "How do you say good morning in French?": r"bonjour",
    "What does HTTP stand for?": r"hyper\W?text transfer protocol",
    "How many days does a leap year have?": r"\b366\b",
    "At how many degrees Celsius does water boil at sea level?": r"\b100\b",
    "Which is the largest planet of the solar system?": r"jupiter",
    "What is the chemical symbol of gold?": r"\bau\b",
}
SENSIBLE = 8


@dataclass
class Newcomer:
    """Somebody with a fresh clone, an empty home and a folder of models."""

    folder: Path
    variables: dict[str, str]

    def ask(self, question: str, *options: str) -> tuple[float, str, str]:
        """How long it took in seconds, which model answered, and what."""
        begun = time.perf_counter()
        done = self._run("ask", "--json", *options, question)
        answer = json.loads(done.stdout)
        return time.perf_counter() - begun, answer["model"], answer["response"]

    def stop(self) -> None:
        """Where nothing runs there is nothing to stop."""
        self._run("stop", check=False)

    def make_environment(self) -> None:
        self._run("version")

    def _run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        strange = ("PYTHON", "SENTER_", "VIRTUAL_ENV")
        plain = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
        own = {"SENTER_HOME": str(self.folder / "home"), "SENTER_API__PORT": "0", **self.variables}
        program = self.folder / "clone" / "bin" / "senter"
        said = None if check else subprocess.DEVNULL
        return subprocess.run(
            [program, *arguments], env={**plain, **own}, stdout=subprocess.PIPE, stderr=said, text=True, check=check
        )


@contextmanager
def newcomer(models: Path, **variables: str) -> Generator[Newcomer]:
    """One with a clone of this checkout as it was committed; all of it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sn", ignore_cleanup_errors=True) as folder:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), f"{folder}/clone"], check=True)
        person = Newcomer(Path(folder), {"SENTER_MODELS__FOLDER": str(models), **variables})
        try:
            yield person
        finally:
            person.stop()


@contextmanager
def own_folder(brain: Path | None) -> Generator[Path]:
    """A folder of models: empty, or with this file, whose sum nobody has taken there."""
    with tempfile.TemporaryDirectory(prefix="sn", ignore_cleanup_errors=True) as folder:
        if brain:
            (Path(folder) / brain.name).symlink_to(brain)
        yield Path(folder)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--fetch", action="store_true", help="also with real downloads, 1.5 GB")
    fetch: bool = options.parse_args().fetch
    run_figure(lambda: measure(fetch), limit_seconds=1_200)


def measure(fetch: bool) -> Report:
    report = Report("first_answer", "fresh clone, bin/senter ask, until the first answer is there")
    cache = WeightsCache(folder_of(os.environ.get("SENTER_MODELS__FOLDER", "")))
    brain = cache.path(find_weights(BRAIN))
    with own_folder(None) as empty:
        with newcomer(empty) as warming:
            warming.make_environment()  # so that pip has everything
        with newcomer(empty, SENTER_MODELS__FETCH="never") as person:
            _take(report, person, "small", 40, "--small")
    if brain.exists():
        with own_folder(brain) as models, newcomer(models) as person:
            _take(report, person, "brain, downloads taken out", 60)
    else:
        report.note(f"Not measured with the default model: {brain} is not there. Fetch it: senter models get {BRAIN}")
    if fetch:
        with own_folder(None) as models, newcomer(models, PIP_NO_CACHE_DIR="1") as person:
            _take(report, person, "brain, fetched", 180)
    return report


def _take(report: Report, person: Newcomer, name: str, limit_seconds: float, *options: str) -> None:
    first, *others = QUESTIONS
    seconds, model, response = person.ask(first, *options)
    answers = {first: response} | {question: person.ask(question)[2] for question in others}
    wrong = [question for question, text in answers.items() if not re.search(QUESTIONS[question], text.lower())]
    report.at_most(f"{name}: first answer", seconds, limit_seconds, "s")
    if options:
        report.single(f"{name}: right of {len(QUESTIONS)}", len(QUESTIONS) - len(wrong), "answers")
    else:
        report.at_least(f"{name}: right of {len(QUESTIONS)}", len(QUESTIONS) - len(wrong), SENSIBLE, "answers")
    report.note(f"{name}: {model} answered first; wrong: {', '.join(wrong) or 'none'}")


if __name__ == "__main__":
    main()
