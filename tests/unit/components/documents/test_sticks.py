"""A folder on a stick: pulled out it leaves an empty folder behind, or none, and nothing of it is forgotten."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from senter.components.documents.index import Index, IndexedFile
from senter.components.documents.presence import NOT_THERE, is_away, problem_with
from senter.components.documents.walking import Found, Stamp, Walk


class Stick:
    """A folder with a mount in it, and what is known of both."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = tmp_path / "papers"
        self.stick = self.root / "stick"
        self.mounted = {self.stick}
        self.index = Index(tmp_path / "index" / "documents.db", 1_000_000)
        (self.stick / "inner").mkdir(parents=True)
        (self.root / "home.txt").write_text("home")
        (self.stick / "a.txt").write_text("apple")
        (self.stick / "inner" / "b.txt").write_text("banana")
        (self.stick / "c.png").write_text("picture")

    def pull(self, *, folder_stays: bool) -> None:
        shutil.rmtree(self.stick)
        self.mounted.clear()
        if folder_stays:
            self.stick.mkdir()

    def walk(self, root: Path | None = None) -> Walk:
        return Walk(
            root or self.root,
            self.index.known,
            excluded=(),
            left_out=(),
            max_file_bytes=1_000,
            known_mounts=self.index.mounts(),
            is_mount=self.mounted.__contains__,
        )

    def scan(self, root: Path | None = None) -> Walk:
        walk = self.walk(root)
        self.index.write(_read(change) if isinstance(change, Found) else change for change in walk.changes())
        self.index.scanned(walk, "2026-11-30T10:00:00+00:00")
        return walk

    def found(self, word: str) -> list[str]:
        return [Path(one.path).name for one in self.index.lookup.search(word, 5)]

    def skipped(self) -> list[tuple[str, str]]:
        return [(Path(one.path).name, one.reason) for one in self.index.lookup.skipped(10)]


def _read(found: Found) -> IndexedFile:
    return IndexedFile(found.directory, found.name, found.stamp, found.name, found.content.decode())


@pytest.fixture
def stick(tmp_path: Path) -> Generator[Stick]:
    stick = Stick(tmp_path)
    yield stick
    stick.index.close()


@pytest.mark.parametrize("folder_stays", [True, False])
def test_what_is_on_a_stick_in_a_folder_is_kept_while_it_is_away(stick: Stick, folder_stays: bool) -> None:
    stick.scan()
    stick.pull(folder_stays=folder_stays)
    for _ in range(2):
        stick.scan()
        assert (stick.found("apple"), stick.found("banana"), stick.found("home")) == (
            ["a.txt"],
            ["b.txt"],
            ["home.txt"],
        )
        assert stick.skipped() == [("stick", NOT_THERE), ("c.png", "An image: images are not read.")]


def test_a_stick_that_is_back_is_followed_again(stick: Stick) -> None:
    stick.scan()
    stick.pull(folder_stays=True)
    stick.scan()
    (stick.stick / "a.txt").write_text("cherry")
    stick.mounted.add(stick.stick)
    stick.scan()
    assert (stick.found("cherry"), stick.found("apple"), stick.found("banana")) == (["a.txt"], [], [])
    assert stick.skipped() == []


def test_a_stick_that_was_added_itself_is_not_gone_through_while_it_is_away(stick: Stick) -> None:
    stick.scan(stick.stick)
    stick.pull(folder_stays=True)
    with pytest.raises(FileNotFoundError):
        stick.scan(stick.stick)
    assert stick.found("apple") == ["a.txt"]
    assert problem_with(stick.stick, stick.index.mounts()) == NOT_THERE


def test_files_that_a_person_deletes_are_forgotten_also_the_last_of_a_folder(stick: Stick) -> None:
    stick.scan()
    for file in (
        stick.stick / "a.txt",
        stick.stick / "c.png",
        stick.stick / "inner" / "b.txt",
        stick.root / "home.txt",
    ):
        file.unlink()
    (stick.stick / "inner").rmdir()
    stick.scan()
    assert [stick.found(word) for word in ("apple", "banana", "home")] == [[], [], []]


def test_a_folder_that_fails_while_it_is_read_keeps_what_is_known_of_it(stick: Stick) -> None:
    stick.scan()

    def fails(directory: str) -> Mapping[str, Stamp]:
        if directory == str(stick.stick):
            raise OSError(errno.EIO, "Input/output error")
        return stick.index.known(directory)

    walk = replace(stick.walk(), known=fails)
    assert list(walk.changes()) == []
    stick.index.scanned(walk, "2026-11-30T11:00:00+00:00")
    assert (stick.found("apple"), stick.found("banana")) == (["a.txt"], ["b.txt"])


def test_a_mount_with_files_in_it_is_there(stick: Stick) -> None:
    assert not is_away(stick.stick, {str(stick.stick)}, lambda _: False)
    assert not is_away(stick.root / "none", set())
