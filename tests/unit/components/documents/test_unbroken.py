"""Writing without spaces is found by any run of its letters, umlauts and ß either way, compounds by their ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.components.documents.index import Index, IndexedFile
from senter.components.documents.passages import passages
from senter.components.documents.walking import Stamp
from senter.components.documents.words import all_of, any_of, telling
from senter.quoting.unbroken import runs_of, spaced, unspaced

TEXTS = {
    "chintai.txt": "賃貸契約書 家賃は月額85,000円です。",
    "zulin.txt": "房屋租赁合同 月租金为4500元。押金为9000元。",
    "choa.txt": "สัญญาเช่าบ้าน ค่าเช่าเดือนละ 12,000 บาท",
    "weg.txt": "Frau Müller wohnt in der Hauptstraße.",
    "miete.txt": "Die Kaltmiete beträgt 960 Euro.",
}
FOUND = [
    ("家賃", "chintai.txt"),
    ("押金是多少", "zulin.txt"),
    ("ค่าเช่า", "choa.txt"),
    ("mueller", "weg.txt"),
    ("MÜLLER", "weg.txt"),
    ("hauptstrasse", "weg.txt"),
]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    made = Index(tmp_path / "index.db", 1_000_000)
    stamp = Stamp(1, 1, 1)
    made.write(IndexedFile("/home/kim/Verträge", name, stamp, name[:-4], text) for name, text in TEXTS.items())
    return made


@pytest.mark.parametrize(("query", "name"), FOUND)
def test_it_is_found(index: Index, query: str, name: str) -> None:
    words = telling(query)
    found = index.lookup.search(all_of(words), 5) or index.lookup.search(any_of(words, index.lookup.tally(words)), 5)
    assert [passage.path.rpartition("/")[2] for passage in found] == [name]


def test_a_compound_is_found_by_its_end_and_any_file_by_its_folder(index: Index) -> None:
    assert index.lookup.compounds(["miete"]) == ["kaltmiet"]
    assert len(index.lookup.search(all_of(["vertraege"]), 9)) == len(TEXTS)


def test_excerpts_stand_as_in_the_file(index: Index) -> None:
    [passage] = index.lookup.search(all_of(telling("押金")), 5)
    assert "押金为" in passage.excerpt


def test_what_is_forgotten_is_found_no_more(index: Index) -> None:
    index.forget(["/home/kim/Verträge"])
    assert index.lookup.search(all_of(telling("押金")), 5) == []


def test_letters_are_spaced_and_back() -> None:
    assert spaced("no such letters") == "no such letters"
    assert unspaced(spaced("押金为9000元")).split() == ["押金为", "9000", "元"]


def test_long_runs_are_looked_for_by_two_letters_without_what_only_asks() -> None:
    assert runs_of("押金是多少") == ("押金",)
    assert runs_of("租赁合同") == ("租赁", "赁合", "合同")
    assert runs_of("word") == ("word",)


def test_passages_say_the_page_that_they_begin_on() -> None:
    pages = "\n\n".join(f"# Page {number}\n{'Words of this page. ' * 120}" for number in (1, 2, 3))
    assert [place for _, place in passages(pages)] == ["", "Page 1", "Page 2"]
