from __future__ import annotations

import os
from pathlib import Path

import pytest

from senter.components.task_engine.work.written import LONGEST_TEXT, search_written
from senter.messages.acts import ThingKind
from senter.paths import Paths

REPORT = """---
goal: "Research Sintra"
number: 4
---

# Research Sintra

The palace opens at 09:30.

## Sources

1. Guide: `/papers/guide.md`

## How this came about

- Executed: yes
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = Paths(tmp_path)
    write(made, "Focuses/research/results/0004-research-sintra.md", REPORT)
    write(made, "notes/car.md", '---\ntitle: "Car"\n---\n\nThe car needs tyres.\n')
    return made


def write(paths: Paths, name: str, text: str) -> Path:
    path = paths.data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_results_are_found_with_what_they_say_alone(paths: Paths) -> None:
    [found] = search_written(paths, ("sintra",), 5)
    assert (found.kind, found.id, found.title) == (ThingKind.GOAL, "4", "Research Sintra")
    assert found.text == "# Research Sintra\n\nThe palace opens at 09:30."
    assert found.file_sources == ("1",)


def test_notes_are_found_by_beginnings_of_words(paths: Paths) -> None:
    [found] = search_written(paths, ("TYRE",), 5)
    assert (found.kind, found.id, found.title, found.text) == (ThingKind.NOTE, "car.md", "Car", "The car needs tyres.")
    assert search_written(paths, ("yres",), 5) == []


def test_what_has_most_words_comes_first_then_the_newest(paths: Paths) -> None:
    for number, text in enumerate(("tea", "tea and cake", "tea")):
        path = write(paths, f"notes/{number}.md", text)
        os.utime(path, (1_000_000 + number, 1_000_000 + number))
    assert [found.id for found in search_written(paths, ("tea", "cake"), 2)] == ["1.md", "2.md"]


def test_what_only_set_something_is_no_result_to_be_quoted(paths: Paths) -> None:
    row = "| {} | It | organize | {} | completed | 1 |\n"
    write(
        paths, "Focuses/general/results/5.md", f"The fox is set.\n\n## How this came about\n\n{row.format(1, 'remind')}"
    )
    rows = row.format(1, "note") + row.format(2, "file_move")
    write(paths, "Focuses/general/results/6.md", f"The fox moved.\n\n## How this came about\n\n{rows}")
    assert [found.text for found in search_written(paths, ("fox",), 5)] == ["The fox moved."]


def test_odd_files_harm_nothing(paths: Paths, tmp_path: Path) -> None:
    (paths.data / "notes" / "bytes.md").write_bytes(b"\xff\xfe car \0")
    (paths.data / "notes" / "long.md").write_text("car " * 500_000)
    (paths.data / "notes" / "folder.md").mkdir()
    (tmp_path / "outside").write_text("car")
    (paths.data / "notes" / "link.md").symlink_to(tmp_path / "outside")
    found = {text.id: text for text in search_written(paths, ("car",), 10)}
    assert set(found) == {"car.md", "bytes.md", "long.md"}
    assert len(found["long.md"].text) <= LONGEST_TEXT


def test_no_words_find_nothing(paths: Paths) -> None:
    assert search_written(paths, (), 5) == search_written(paths, ("",), 5) == []
