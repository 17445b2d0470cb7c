from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from senter.components.documents.walking import DEEPEST, Found, PassedOver, Stamp, Walk


def walk_of(root: Path) -> Walk:
    def nothing(_: str) -> Mapping[str, Stamp]:
        return {}

    return Walk(root, nothing, excluded=(".*",), left_out=(), max_file_bytes=1_000)


def test_a_folder_that_becomes_a_link_between_look_and_open_leads_nowhere(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    for folder in (root / "a", root / "b", outside):
        folder.mkdir(parents=True)
        (folder / "file.txt").write_text(folder.name)

    def swap(directory: str) -> Mapping[str, Stamp]:
        if directory.endswith("/a"):
            (root / "b" / "file.txt").unlink()
            (root / "b").rmdir()
            (root / "b").symlink_to(outside)
        return {}

    walk = Walk(root, swap, excluded=(), left_out=(), max_file_bytes=1_000)
    assert [change.content for change in walk.changes() if isinstance(change, Found)] == [b"a"]


def test_a_file_that_becomes_a_link_between_look_and_open_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.txt").write_text("a")
    (root / "b.txt").write_text("b")
    contents: list[bytes] = []
    for change in walk_of(root).changes():
        assert isinstance(change, Found)
        contents.append(change.content)
        if change.name == "a.txt":
            (root / "b.txt").unlink()
            (root / "b.txt").symlink_to(tmp_path / "secret")
    assert contents in ([b"a"], [b"a", b""])


def test_files_and_folders_whose_names_are_no_text_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / os.fsdecode(b"b\xff.txt")).write_text("b")
    unnamed = tmp_path / os.fsdecode(b"c\xff")
    unnamed.mkdir()
    (unnamed / "d.txt").write_text("d")
    walk = walk_of(tmp_path)
    assert [change.name for change in walk.changes()] == ["a.txt"]
    assert walk.directories == {str(tmp_path)}
    named = [(r"b\udcff.txt", "Its name cannot be read as text."), (r"c\udcff", "Its name cannot be read as text.")]
    assert dict(walk.passed_over) == {str(tmp_path): PassedOver(2, named)}


def test_a_root_that_is_a_link_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "root")
    with pytest.raises(OSError, match="link"):
        list(walk_of(tmp_path / "link").changes())


def test_folders_without_end_are_left_at_some_depth(tmp_path: Path) -> None:
    folder = tmp_path
    for depth in range(DEEPEST + 20):
        (folder / f"{depth}.txt").write_text("x")
        folder = folder / "d"
        folder.mkdir()
    assert len(list(walk_of(tmp_path).changes())) == DEEPEST + 1


def test_a_file_beyond_the_limit_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 1_001)
    (change,) = walk_of(tmp_path).changes()
    assert isinstance(change, Found)
    assert (change.content, change.problem) == (b"", "It is larger than documents.max_file_mb allows.")
