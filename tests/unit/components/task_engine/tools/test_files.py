from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue, ValidationError

from senter.component.tool_talk.defusing import defused
from senter.components.task_engine.journal.result_codec import decode_result, encode_result, shortened
from senter.errors import PermissionNeeded, ToolError
from senter.messages.needs import SortPath
from tests.support.documents import pdf
from tests.support.tool_desk import KEY, ToolDesk

OTHER = "fedcba9876543210fedcba9876543210"


@pytest.fixture
def work(desk: ToolDesk) -> Path:
    """A folder that the grant lets tools write."""
    desk.allow(write_roots=(str(desk.folder),))
    return desk.folder


async def test_a_file_is_read_with_its_title_and_place(desk: ToolDesk) -> None:
    path = desk.folder / "notes.md"
    path.write_text("# Bees\n\nThey dance.")
    result = await desk.call("file_read", path=str(path))
    assert result.text == "# Bees\n\nThey dance."
    assert (result.sources[0].title, result.sources[0].address) == ("Bees", str(path))
    assert not result.trusted


@pytest.mark.parametrize(("name", "content"), [("a.pdf", pdf("They dance")), ("a.html", b"<p>They <b>dance</b></p>")])
async def test_pdf_and_html_are_read_as_a_person_reads_them(desk: ToolDesk, name: str, content: bytes) -> None:
    (desk.folder / name).write_bytes(content)
    assert (await desk.call("file_read", path=str(desk.folder / name))).text.strip() == "They dance"


async def test_a_long_file_is_read_piece_by_piece(desk: ToolDesk) -> None:
    path = desk.folder / "long.txt"
    path.write_text("0123456789")
    first = await desk.call("file_read", path=str(path), max_characters=4)
    rest = await desk.call("file_read", path=str(path), offset=4)
    assert (first.text, first.data["truncated"]) == ("0123", True)
    assert (rest.text, rest.data["truncated"]) == ("456789", False)


@pytest.mark.parametrize("content", [b"\0\1\2", b"%PDF-1.7 nothing"])
async def test_a_file_without_text_is_an_error_with_a_reason(desk: ToolDesk, content: bytes) -> None:
    path = desk.folder / ("a.pdf" if content.startswith(b"%") else "a.txt")
    path.write_bytes(content)
    with pytest.raises(ToolError, match="no text that can be read"):
        await desk.call("file_read", path=str(path))


async def test_a_missing_file_is_an_error_with_its_name(desk: ToolDesk) -> None:
    with pytest.raises(ToolError, match=r"missing\.txt"):
        await desk.call("file_read", path=str(desk.folder / "missing.txt"))


@pytest.mark.parametrize("path", ["relative.txt", "", "/nul\0", "/" + "a" * 5_000])
async def test_what_is_no_path_is_refused(desk: ToolDesk, path: str) -> None:
    with pytest.raises(ValidationError):
        await desk.call("file_read", path=path)


async def test_an_argument_that_is_not_known_is_refused(desk: ToolDesk) -> None:
    with pytest.raises(ValidationError):
        await desk.call("file_list", path=str(desk.folder), recursive=True)


async def test_a_file_is_written_once_however_often_it_is_tried(desk: ToolDesk, work: Path) -> None:
    path = work / "new" / "a.txt"
    await desk.call("file_write", path=str(path), content="Grüße")
    result = await desk.call("file_write", path=str(path), content="Grüße")
    assert path.read_text() == "Grüße"
    assert result.files == (str(path),)
    assert result.trusted


async def test_a_file_that_is_there_is_replaced_only_when_told_to(desk: ToolDesk, work: Path) -> None:
    path = work / "a.txt"
    path.write_text("old")
    with pytest.raises(ToolError, match="already there"):
        await desk.call("file_write", path=str(path), content="new")
    assert path.read_text() == "old"
    await desk.call("file_write", path=str(path), content="new", replace=True)
    assert path.read_text() == "new"


async def test_text_that_cannot_be_written_down_is_refused(desk: ToolDesk, work: Path) -> None:
    with pytest.raises(ValidationError):
        await desk.call("file_write", path=str(work / "a.txt"), content="\ud800")


async def test_a_folder_is_listed_with_sizes_and_times(desk: ToolDesk) -> None:
    (desk.folder / "a.txt").write_text("12345")
    (desk.folder / "b").mkdir()
    result = await desk.call("file_list", path=str(desk.folder))
    entries = result.data["entries"]
    assert isinstance(entries, list)
    assert [(one["name"], one["is_folder"]) for one in entries if isinstance(one, dict)] == [
        ("a.txt", False),
        ("b", True),
    ]
    assert "a.txt  (5 bytes" in result.text
    assert (await desk.call("file_list", path=str(desk.folder / "b"))).text == "The folder is empty."
    assert "and 1 more" in (await desk.call("file_list", path=str(desk.folder), limit=1)).text


async def test_a_copy_is_made_once_however_often_it_is_tried(desk: ToolDesk, work: Path) -> None:
    source, target = work / "a.txt", work / "b.txt"
    source.write_text("apple")
    for _ in range(2):
        await desk.call("file_copy", source=str(source), target=str(target))
    assert target.read_text() == "apple"
    target.write_text("pear")
    with pytest.raises(ToolError, match="already there"):
        await desk.call("file_copy", source=str(source), target=str(target))
    assert target.read_text() == "pear"


async def test_a_folder_is_made_once_however_often_it_is_tried(desk: ToolDesk, work: Path) -> None:
    for _ in range(2):
        await desk.call("make_folder", path=str(work / "a" / "b"))
    assert (work / "a" / "b").is_dir()


async def test_a_file_is_moved(desk: ToolDesk, work: Path) -> None:
    (work / "a.txt").write_text("apple")
    result = await desk.call("file_move", source=str(work / "a.txt"), target=str(work / "sub" / "b.txt"))
    assert not (work / "a.txt").exists()
    assert (work / "sub" / "b.txt").read_text() == "apple"
    assert result.files == (str(work / "sub" / "b.txt"),)


async def test_a_move_replaces_nothing(desk: ToolDesk, work: Path) -> None:
    (work / "a.txt").write_text("apple")
    (work / "b.txt").write_text("pear")
    with pytest.raises(ToolError, match="already there"):
        await desk.call("file_move", source=str(work / "a.txt"), target=str(work / "b.txt"))
    assert (work / "b.txt").read_text() == "pear"


async def test_a_move_that_was_cut_off_is_undone_and_made_again_with_one_effect(desk: ToolDesk, work: Path) -> None:
    (work / "a.txt").write_text("apple")
    move: dict[str, JsonValue] = {"source": str(work / "a.txt"), "target": str(work / "b.txt")}
    await desk.call("file_move", **move)
    await desk.compensate("file_move", **move)
    assert (work / "a.txt").read_text() == "apple"
    assert not (work / "b.txt").exists()
    await desk.call("file_move", **move)
    assert (work / "b.txt").read_text() == "apple"


async def test_undoing_a_move_that_never_began_touches_nothing(desk: ToolDesk, work: Path) -> None:
    (work / "b.txt").write_text("someone's own")
    await desk.compensate("file_move", source=str(work / "a.txt"), target=str(work / "b.txt"))
    assert (work / "b.txt").read_text() == "someone's own"


async def test_undoing_a_move_does_not_take_another_file_for_the_moved_one(desk: ToolDesk, work: Path) -> None:
    (work / "a.txt").write_text("apple")
    move: dict[str, JsonValue] = {"source": str(work / "a.txt"), "target": str(work / "b.txt")}
    await desk.call("file_move", **move)
    (work / "b.txt").write_text("someone else wrote this instead")
    with pytest.raises(ToolError, match="another file"):
        await desk.compensate("file_move", **move)
    assert (work / "b.txt").read_text() == "someone else wrote this instead"


async def test_names_that_are_no_line_of_text_are_left_out_and_told(desk: ToolDesk) -> None:
    for name in ("a.txt", "c\nd.txt", os.fsdecode(b"b\xff.txt")):
        (desk.folder / name).write_text("a")
    result = await desk.call("file_list", path=str(desk.folder))
    assert r"and 2 whose names do not fit on one line: b\udcff.txt, c\nd.txt" in result.text
    assert "a.txt" in str(result.data["entries"])
    assert "d.txt" not in str(result.data["entries"])
    assert result.data["left_out"] == [
        {"name": r"b\udcff.txt", "is_folder": False},
        {"name": r"c\nd.txt", "is_folder": False},
    ]
    assert "a.txt" in encode_result(result)
    half = replace(result, text="\udcff", data={"name": "\udcff"}, files=("/\udcff",))
    assert decode_result(encode_result(shortened(half))) == replace(half, text="?", data={"name": "?"}, files=("/?",))


async def test_what_is_trashed_can_be_listed_and_put_back(desk: ToolDesk, work: Path) -> None:
    path = work / "a.txt"
    path.write_text("apple")
    trashed = await desk.call("file_trash", path=str(path))
    assert not path.exists()
    assert str(path) in (await desk.call("trash_list")).text
    for _ in range(2):
        await desk.call("trash_restore", id=trashed.data["id"])
    assert path.read_text() == "apple"
    assert (await desk.call("trash_list")).text == "The trash is empty."


async def test_what_was_put_away_last_comes_back_by_its_path(desk: ToolDesk, work: Path) -> None:
    path = work / "a b.txt"
    for key, text in (("1" * 32, "older"), ("2" * 32, "newer")):
        path.write_text(text)
        await desk.call("file_trash", key, path=str(path))
        desk.clock.elapse(1)
    for _ in range(2):
        await desk.call("trash_restore", path=str(path))
        assert path.read_text() == "newer"
    with pytest.raises(ToolError, match="Nothing in the trash was at"):
        await desk.call("trash_restore", path=str(work / "other.txt"))
    for wrong in ({}, {"id": "abc", "path": str(path)}):
        with pytest.raises(ValidationError, match="give the id or the path"):
            await desk.call("trash_restore", **wrong)


async def test_a_folder_is_trashed_whole(desk: ToolDesk, work: Path) -> None:
    (work / "sub").mkdir()
    (work / "sub" / "a.txt").write_text("apple")
    trashed = await desk.call("file_trash", path=str(work / "sub"))
    await desk.call("trash_restore", id=trashed.data["id"])
    assert (work / "sub" / "a.txt").read_text() == "apple"


async def test_trashing_again_under_the_same_key_leaves_a_new_file_alone(desk: ToolDesk, work: Path) -> None:
    path = work / "a.txt"
    path.write_text("apple")
    first = await desk.call("file_trash", path=str(path))
    path.write_text("written since")
    assert (await desk.call("file_trash", path=str(path))).data == first.data
    assert path.read_text() == "written since"
    assert (await desk.call("file_trash", OTHER, path=str(path))).data != first.data


async def test_putting_back_replaces_nothing(desk: ToolDesk, work: Path) -> None:
    path = work / "a.txt"
    path.write_text("apple")
    trashed = await desk.call("file_trash", path=str(path))
    path.write_text("written since")
    with pytest.raises(ToolError, match="already there"):
        await desk.call("trash_restore", id=trashed.data["id"])
    assert path.read_text() == "written since"


async def test_an_id_that_is_not_in_the_trash_is_an_error(desk: ToolDesk) -> None:
    with pytest.raises(ToolError, match="nothing in the trash"):
        await desk.call("trash_restore", id="abc")


CALLS: list[tuple[str, dict[str, JsonValue]]] = [
    ("file_read", {"path": "OUT/a.txt"}),
    ("file_list", {"path": "OUT"}),
    ("file_write", {"path": "OUT/new.txt", "content": "x"}),
    ("file_copy", {"source": "OUT/a.txt", "target": "IN/b.txt"}),
    ("file_copy", {"source": "IN/a.txt", "target": "OUT/b.txt"}),
    ("file_move", {"source": "OUT/a.txt", "target": "IN/b.txt"}),
    ("file_move", {"source": "IN/a.txt", "target": "OUT/b.txt"}),
    ("make_folder", {"path": "OUT/sub"}),
    ("file_trash", {"path": "OUT/a.txt"}),
    ("run_command", {"argv": ["ls"], "folder": "OUT"}),
]


@pytest.mark.parametrize(("name", "arguments"), CALLS)
async def test_what_the_grant_does_not_name_is_refused_before_anything_is_touched(
    desk: ToolDesk, work: Path, tmp_path: Path, name: str, arguments: dict[str, JsonValue]
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for folder in (outside, work):
        (folder / "a.txt").write_text("apple")
    places = {"OUT": str(outside), "IN": str(work)}
    before = everything(tmp_path)
    exact = {key: _placed(value, places) for key, value in arguments.items()}
    with pytest.raises(PermissionNeeded):
        await desk.call(name, **exact)
    tool = desk.registry.get(name)
    with pytest.raises((PermissionNeeded, ToolError)):  # and so does the access itself, whatever the needs said
        await tool.run(tool.arguments.model_validate(exact), desk.tool_call(KEY))
    assert everything(tmp_path) == before


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def _placed(value: JsonValue, places: dict[str, str]) -> JsonValue:
    if not isinstance(value, str):
        return value
    head, slash, rest = value.partition("/")
    return f"{places.get(head, head)}{slash}{rest}"


async def test_files_are_sorted_into_folders_and_a_second_call_changes_nothing(desk: ToolDesk, work: Path) -> None:
    for name in ("a.txt", "b.png", "c.txt"):
        (work / name).write_text(name)
    into: dict[str, JsonValue] = {"Texts": ["a.txt", "c.txt"], "Images": ["b.png"]}
    for _ in range(2):
        result = await desk.call("file_sort", folder=str(work), into=into)
        assert result.data == {"moved": 3, "stayed": 0, "left": []}
    found = sorted(path.relative_to(work).as_posix() for path in work.rglob("*.*"))
    assert found == ["Images/b.png", "Texts/a.txt", "Texts/c.txt"]


async def test_sorting_goes_on_where_it_was_cut_off(desk: ToolDesk, work: Path) -> None:
    (work / "Texts").mkdir()
    (work / "Texts" / "a.txt").write_text("moved before")
    (work / "b.txt").write_text("not yet")
    await desk.call("file_sort", folder=str(work), into={"Texts": ["a.txt", "b.txt"]})
    assert sorted(path.name for path in (work / "Texts").iterdir()) == ["a.txt", "b.txt"]


async def test_sorting_replaces_nothing_and_says_what_stayed(desk: ToolDesk, work: Path) -> None:
    (work / "Texts").mkdir()
    for path in (work / "a.txt", work / "Texts" / "a.txt"):
        path.write_text(str(path))
    result = await desk.call("file_sort", folder=str(work), into={"Texts": ["a.txt", "missing.txt"]})
    assert (work / "Texts" / "a.txt").read_text() == str(work / "Texts" / "a.txt")
    assert "a.txt is already there" in result.text
    assert "There is no" in result.text
    assert result.data == {"moved": 0, "stayed": 2, "left": []}


@pytest.mark.parametrize(
    "into", [{}, {"../up": ["a"]}, {"Texts": ["../a"]}, {"Texts": ["x/a"]}, {"..": ["a"]}, {"T": ["."]}, {"/": ["a"]}]
)
async def test_sorting_leads_nowhere_else(desk: ToolDesk, work: Path, into: JsonValue) -> None:
    with pytest.raises(ValidationError):
        await desk.call("file_sort", folder=str(work), into=into)


async def test_sorting_needs_the_folder_alone(desk: ToolDesk) -> None:
    with pytest.raises(PermissionNeeded) as raised:
        await desk.call("file_sort", folder=str(desk.folder), into={"Texts": ["a.txt", "b.txt"]})
    assert raised.value.needs == (SortPath(path=desk.folder),)


@pytest.mark.parametrize(
    ("name", "tainted", "exact"), [("a.md", True, False), ("a.py", True, True), ("a.md", False, True)]
)
async def test_what_a_tainted_task_writes_for_people_is_defused_and_code_is_not(
    desk: ToolDesk, work: Path, name: str, tainted: bool, exact: bool
) -> None:
    tool, target = desk.registry.get("file_write"), work / name
    content = "![x](https://evil.example/p.png)"
    arguments = tool.arguments.model_validate({"path": str(target), "content": content})
    result = await tool.run(arguments, replace(desk.tool_call("1" * 32), defused=defused, tainted=tainted))
    assert (target.read_text() == content) is exact
    assert ("made plain text" in result.text) is not exact
