"""Code that stands twice does not become more; and what `bin/repeats` calls a pair."""

from __future__ import annotations

from pathlib import Path

from tests.support.repeats import Pair, in_folders, pairs

ROOT = Path(__file__).parents[2]
MOST_PAIRS = 8
"""Never more: say it once, or mend another pair."""
BLOCK = """
def total(rows: list[int]) -> int:
    found = 0
    for row in rows:
        if row > 0:
            found += row
    return found
"""


def test_copies_do_not_become_more() -> None:
    found = pairs(in_folders(ROOT))
    assert len(found) <= MOST_PAIRS, "\n".join(
        f"{first.relative_to(ROOT)}:{at} ~ {second.relative_to(ROOT)}:{there}"
        for _, (first, at), (second, there) in found
    )


def test_a_copy_is_found_whatever_its_indentation_gaps_and_imports(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text(f"import os\n{BLOCK}\nprint(os)\n")
    indented = "".join(f"    {line}\n\n" for line in BLOCK.splitlines())
    other.write_text(f"class Counting:\n{indented}".replace("    for row", "    import os\n        for row"))
    assert pairs([one, other]) == [Pair(6, (one, 3), (other, 4))]


def test_five_lines_are_no_copy_and_what_has_other_names_is_alike(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text(BLOCK)
    other.write_text(BLOCK.replace("total", "sum_of"))
    assert pairs([one, other]) == []
    assert len(pairs([one, other], equal=5)) == 1


def test_what_stands_three_times_is_three_pairs_and_an_overlap_is_none(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text("".join(f"{BLOCK}\nprint({number})\n" for number in range(3)))
    assert len(pairs([file])) == 3
    file.write_text("print()\n" * 11)
    assert pairs([file]) == []
