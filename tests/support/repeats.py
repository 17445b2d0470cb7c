"""Finds blocks of code that stand twice: `bin/repeats`.

The rule: white space is normalised; imports, blank lines and lines of brackets alone do not count. Two blocks are a
pair when six or more of the lines that are left follow each other in both, alike but for names, figures and quoted
texts, and at least `equal` of every six are the same to the letter. With six, the default, a pair is a copy. A pair is
as long as it can be and counts once; a block that stands in three places is three pairs. What one file holds twice
counts too, unless the two overlap.
"""

from __future__ import annotations

import argparse
import ast
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

FOLDERS = ("src", "tests", "bench")
LINES = 6
_BRACKETS = "()[]{},: "
_NAME_OR_TEXT = re.compile(r""""[^"]*"|'[^']*'|\w+""")


class Line(NamedTuple):
    """A line that counts: where it stands, what it says, and that without names, figures and quoted texts."""

    number: int
    text: str
    shape: str


class Pair(NamedTuple):
    """Two blocks of so many lines that are alike, and where each begins."""

    lines: int
    first: tuple[Path, int]
    second: tuple[Path, int]


def pairs(files: Iterable[Path], equal: int = LINES) -> list[Pair]:
    """Every pair of blocks in these files, the longest first."""
    lines = {file: _lines(file.read_text()) for file in files}
    windows = set(_equal_windows(lines, equal))
    found = [_pair(lines, windows, window) for window in windows if _moved(window, -1) not in windows]
    return sorted(found, key=lambda pair: (-pair.lines, pair.first, pair.second))


def in_folders(root: Path, folders: Iterable[str] = FOLDERS) -> list[Path]:
    """Every Python file below these folders."""
    return sorted(file for folder in folders for file in (root / folder).rglob("*.py"))


_Place = tuple[Path, int]
_Window = tuple[_Place, _Place]


def _equal_windows(lines: dict[Path, list[Line]], equal: int) -> Iterator[_Window]:
    places: defaultdict[tuple[str, ...], list[_Place]] = defaultdict(list)
    for file, written in lines.items():
        for index in range(len(written) - LINES + 1):
            block = written[index : index + LINES]
            places[tuple(line.text if equal == LINES else line.shape for line in block)].append((file, index))
    for alike in places.values():
        for window in combinations(alike, 2):
            if not _overlap(*window) and _same_lines(lines, window) >= equal:
                yield window


def _overlap(first: _Place, second: _Place) -> bool:
    return first[0] == second[0] and second[1] - first[1] < LINES


def _same_lines(lines: dict[Path, list[Line]], window: _Window) -> int:
    first, second = (lines[file][index : index + LINES] for file, index in window)
    return sum(one.text == other.text for one, other in zip(first, second, strict=True))


def _moved(window: _Window, by: int) -> _Window:
    (first, at), (second, there) = window
    return (first, at + by), (second, there + by)


def _pair(lines: dict[Path, list[Line]], windows: set[_Window], window: _Window) -> Pair:
    length = LINES
    while _moved(window, length - LINES + 1) in windows:
        length += 1
    first, second = ((file, lines[file][index].number) for file, index in window)
    return Pair(length, first, second)


def _lines(source: str) -> list[Line]:
    imported = _imports(source)
    return [
        Line(number, text, _NAME_OR_TEXT.sub(_blanked, text))
        for number, text in enumerate((" ".join(line.split()) for line in source.splitlines()), 1)
        if number not in imported and text.strip(_BRACKETS)
    ]


def _imports(source: str) -> set[int]:
    imports = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom))
    return {number for node in imports for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


def _blanked(found: re.Match[str]) -> str:
    return found[0] if keyword.iskeyword(found[0]) else "_"


def main() -> None:
    """Print the pairs, and how many there are between which folders."""
    parser = argparse.ArgumentParser(prog="bin/repeats", description="Find blocks of code that stand twice.")
    parser.add_argument("--equal", type=int, choices=range(LINES + 1), default=LINES, metavar="LINES")
    parser.add_argument("--root", type=Path, default=Path(), help="the folder that holds src, tests and bench")
    asked = parser.parse_args()
    found = pairs(in_folders(asked.root), asked.equal)
    counts: Counter[str] = Counter()
    for pair in found:
        (first, at), (second, there) = ((file.relative_to(asked.root), number) for file, number in pair[1:])
        counts[" ~ ".join(sorted({first.parts[0], second.parts[0]}))] += 1
        print(f"{pair.lines:4} {first}:{at} ~ {second}:{there}")
    print(f"{len(found)} pairs: " + ", ".join(f"{count} in {where}" for where, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
