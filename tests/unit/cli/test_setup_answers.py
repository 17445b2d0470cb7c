from __future__ import annotations

from pathlib import Path

import pytest

from senter.cli.setup_answers import AboutPerson, is_nothing, read_about, read_folders
from senter.cli.setup_guessing import found_calendars, found_folders, guessed_language
from senter.errors import InvalidInput


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", AboutPerson()),
        ("Anna", AboutPerson("Anna")),
        ("berlin", AboutPerson(timezone="Europe/Berlin")),
        ("Anna, berlin", AboutPerson("Anna", "Europe/Berlin")),
        ("Anna Maria, New York.", AboutPerson("Anna Maria", "America/New_York")),
        ("I'm Anna from Berlin", AboutPerson("Anna", "Europe/Berlin")),
        ("Ich bin Anna aus Berlin", AboutPerson("Anna", "Europe/Berlin")),
        ("my name is Anna in europe/london", AboutPerson("Anna", "Europe/London")),
        ("Anna, Berlin, bread, cats", AboutPerson("Anna", "Europe/Berlin", ("bread", "cats"))),
        ("Anna, Berlin, likes bread and cats", AboutPerson("Anna", "Europe/Berlin", ("bread", "cats"))),
        (
            "I am Anna from Berlin and I am interested in bread, old maps and cats",
            AboutPerson("Anna", "Europe/Berlin", ("bread", "old maps", "cats")),
        ),
        ("Martin", AboutPerson("Martin")),
        ("Iman, Cairo", AboutPerson("Iman", "Africa/Cairo")),
        ("my name is Anna and I live in Berlin", AboutPerson("Anna", "Europe/Berlin")),
        ("Hi, I'm Bob, I live in San Francisco and like cats", AboutPerson("Bob", "America/Los_Angeles", ("cats",))),
        ("Ich heiße Jörg und wohne in Köln", AboutPerson("Jörg", "Europe/Berlin")),
        ("Jo, Ulm, ich mag Brot und alte Karten", AboutPerson("Jo", "Europe/Berlin", ("Brot", "alte Karten"))),
        ("Anna Berlin", AboutPerson("Anna", "Europe/Berlin")),
        ("Anna Maria New York", AboutPerson("Anna Maria", "America/New_York")),
        ("Leipzig", AboutPerson(timezone="Europe/Berlin")),
        ("Charlotte", AboutPerson("Charlotte")),
        ("Anna Hagen", AboutPerson("Anna Hagen")),
        ("Jo, Ulm, ich interessiere mich für Brot", AboutPerson("Jo", "Europe/Berlin", ("Brot",))),
        ("Anna; Europe/Berlin", AboutPerson("Anna", "Europe/Berlin")),
        ("Anna / Leipzig", AboutPerson("Anna", "Europe/Berlin")),
        ("Anna, Berlin, Germany, maps", AboutPerson("Anna", "Europe/Berlin", ("maps",))),
        ("Anna, Smallville, Illinois", AboutPerson("Anna", "America/Chicago")),
        ("Anna, Paris, German", AboutPerson("Anna", "Europe/Paris", language="de")),
    ],
)
def test_one_line_says_who_somebody_is(said: str, meant: AboutPerson) -> None:
    assert read_about(said) == meant


def test_a_place_without_a_known_zone_is_asked_again() -> None:
    with pytest.raises(InvalidInput, match="time zone of 'Atlantis'"):
        read_about("Anna, Atlantis")


def test_a_name_has_a_letter() -> None:
    with pytest.raises(InvalidInput, match="Cannot read '!!!' as a name"):
        read_about("!!!")


@pytest.mark.parametrize("said", ["none", "No", "-", "skip", "nein", "nichts."])
def test_a_question_is_skipped_in_a_word(said: str) -> None:
    assert is_nothing(said)
    assert not is_nothing(f"~/{said}")


def test_folders_are_named_by_path_or_by_their_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    papers, notes = tmp_path / "papers", tmp_path / "notes"
    papers.mkdir()
    notes.mkdir()
    assert read_folders(" 2, ~/papers, '~/papers' ", [papers, notes]) == (notes, papers)
    for said in ("all", "1 2", "1, 2", "1 and 2", "Papers, notes"):
        assert read_folders(said, [papers, notes]) == (papers, notes)
    assert read_folders(" ", [papers]) == ()
    for wrong in ("3", "~/none", "~nobody-here/x"):
        with pytest.raises(InvalidInput, match="There is no folder"):
            read_folders(wrong, [papers, notes])


def test_what_lies_at_the_usual_places_is_proposed_and_counted(tmp_path: Path) -> None:
    (tmp_path / "Documents" / "old").mkdir(parents=True)
    (tmp_path / "Documents" / ".git").mkdir()
    (tmp_path / "Notes").mkdir()
    for name in ("a.txt", "old/b.txt", ".git/c", ".hidden"):
        (tmp_path / "Documents" / name).write_text("x")
    (tmp_path / "mine.ics").write_text("x")
    (folder,) = found_folders(tmp_path)
    assert (folder.path, folder.count) == (tmp_path / "Documents", "2 files")
    assert found_calendars(tmp_path) == [tmp_path / "mine.ics"]


def test_the_desktops_own_name_for_documents_is_known(tmp_path: Path) -> None:
    (tmp_path / "Papiere").mkdir()
    (tmp_path / "Papiere" / "a.txt").write_text("x")
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "user-dirs.dirs").write_text('XDG_DOCUMENTS_DIR="$HOME/Papiere"\n')
    assert [folder.path for folder in found_folders(tmp_path)] == [tmp_path / "Papiere"]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, ""),
        ({"LANG": "fr_FR"}, ""),
        ({}, ""),
    ],
)
def test_the_language_is_that_of_the_locale(environment: dict[str, str], language: str) -> None:
    assert guessed_language(environment) == language
