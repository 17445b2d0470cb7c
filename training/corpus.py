"""The sentences to train on: those written by hand, kept beside this file, and those that a grammar makes.

`PYTHONPATH=src:. python -P -m training.corpus` writes the JSON lines of the marked files anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from training import answers, marked
from training.grammar import read_grammar
from training.marked import Sentence

FOLDER = Path(__file__).parent / "sentences"
ANSWERS = FOLDER / "answers.txt"


def marked_files() -> list[Path]:
    """The files written by hand, but for the answers to questions back."""
    return sorted(path for path in FOLDER.glob("*.txt") if path != ANSWERS)


def sentences_of(path: Path) -> list[Sentence]:
    """What one marked file holds."""
    return list(marked.read_sections(path.read_text(encoding="utf-8")))


def by_hand() -> list[Sentence]:
    """All sentences that were written by hand."""
    return [sentence for path in marked_files() for sentence in sentences_of(path)]


def by_grammar() -> list[Sentence]:
    """Sentences that the grammar makes, none of them written by hand too. Takes less than two seconds."""
    known = {sentence.text.lower() for sentence in by_hand()}
    return [sentence for sentence in read_grammar().sentences() if sentence.text.lower() not in known]


def short_answers() -> list[answers.Answer]:
    """The answers to questions back."""
    return list(answers.read_answers(ANSWERS.read_text(encoding="utf-8")))


def as_lines(objects: Iterable[dict[str, object]]) -> str:
    """JSON lines."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects)


def lines_of_files() -> dict[Path, str]:
    """What each file of JSON lines is to hold."""
    lines = {path.with_suffix(".jsonl"): as_lines(map(marked.as_json, sentences_of(path))) for path in marked_files()}
    return lines | {ANSWERS.with_suffix(".jsonl"): as_lines(map(answers.as_json, short_answers()))}


def main() -> None:
    """Write each file of JSON lines."""
    for path, lines in lines_of_files().items():
        path.write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()
