"""The sentences to train on: those written by hand, kept beside this file, and those that a grammar makes.

`PYTHONPATH=src:. python -P -m training.corpus hand` prints JSON lines for other programs; `grammar` and `answers` too.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from pathlib import Path

from senter.sentences import ENGLISH
from training import answers, marked
from training.grammar import read_grammar
from training.marked import Sentence

FOLDER = Path(__file__).parent / "sentences"
ANSWERS = FOLDER / "answers.txt"


def marked_files(language: str = ENGLISH) -> list[Path]:
    """The files written by hand, but for the answers to questions back."""
    folder = FOLDER if language == ENGLISH else FOLDER / language
    return sorted(path for path in folder.glob("*.txt") if path != ANSWERS)


def sentences_of(path: Path) -> list[Sentence]:
    """What one marked file holds."""
    return list(marked.read_sections(path.read_text(encoding="utf-8")))


def by_hand(language: str = ENGLISH) -> list[Sentence]:
    """All sentences that were written by hand."""
    return [sentence for path in marked_files(language) for sentence in sentences_of(path)]


def by_grammar(language: str = ENGLISH) -> list[Sentence]:
    """Sentences that the grammar makes, none of them written by hand too. Takes less than two seconds."""
    known = {sentence.text.lower() for sentence in by_hand(language)}
    return [sentence for sentence in read_grammar(language).sentences() if sentence.text.lower() not in known]


def short_answers() -> list[answers.Answer]:
    """The answers to questions back."""
    return list(answers.read_answers(ANSWERS.read_text(encoding="utf-8")))


PRINTED: dict[str, Callable[[], Iterable[dict[str, object]]]] = {
    "hand": lambda: map(marked.as_json, by_hand()),
    "grammar": lambda: map(marked.as_json, by_grammar()),
    "answers": lambda: map(answers.as_json, short_answers()),
}


def main(words: list[str]) -> None:
    """Print what is named, one JSON object a line."""
    parser = ArgumentParser(prog="python -m training.corpus", description="Print what is trained on as JSON lines.")
    parser.add_argument("which", choices=PRINTED, help="sentences by hand, by grammar, or short answers")
    for each in PRINTED[parser.parse_args(words).which]():
        sys.stdout.write(json.dumps(each, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
