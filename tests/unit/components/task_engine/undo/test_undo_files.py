"""Files that were made, moved, sorted or put away are as they were after one word, and never over a person's change."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from senter.messages.goals import Status
from tests.support.undo_room import UndoRoom, undo_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncGenerator[UndoRoom]:
    async with undo_room(tmp_path) as opened:
        (opened.folder / "a.txt").write_text("first")
        (opened.folder / "b.txt").write_text("second")
        yield opened


def tree(room: UndoRoom) -> dict[str, str]:
    """What stands in the user's folder."""
    found = sorted(room.folder.rglob("*"))
    return {str(path.relative_to(room.folder)): path.read_text() if path.is_file() else "/" for path in found}


async def done(room: UndoRoom, tool: str, **params: object) -> str:
    """The sentence of what a tool did."""
    named = {name: str(value) if isinstance(value, Path) else value for name, value in params.items()}
    reply = await room.do(tool, may_write=(room.folder,), **named)  # pyright: ignore[reportArgumentType]
    assert reply.goal.status is Status.COMPLETED, reply.goal.error
    return reply.goal.receipts[0].done


@pytest.mark.parametrize("tool", [
    "file_write", "file_replace", "file_copy", "file_move", "file_trash", "make_folder", "file_sort"])  # fmt: skip
async def test_each_change_is_taken_back_done_again_and_taken_back_again(room: UndoRoom, tool: str) -> None:
    a, new = room.folder / "a.txt", room.folder / "new.txt"
    params: dict[str, dict[str, object]] = {
        "file_write": {"path": new, "content": "new"},
        "file_replace": {"path": a, "content": "new", "replace": True},
        "file_copy": {"source": a, "target": new},
        "file_move": {"source": a, "target": new},
        "file_trash": {"path": a},
        "make_folder": {"path": room.folder / "made"},
        "file_sort": {"folder": room.folder, "into": {"Texts": ["a.txt", "b.txt"]}},
    }
    before = tree(room)
    assert str(room.folder) in await done(room, tool.replace("_replace", "_write"), **params[tool])
    after = tree(room)
    assert before != after
    for state in (before, after, before):
        await room.undone()
        assert tree(room) == state


async def test_a_note_is_put_away_and_comes_back(room: UndoRoom) -> None:
    said = await done(room, "note", title="Car", text="New tyres.")
    assert said.startswith("Note ")
    path = Path(said.rpartition(" in ")[2])
    assert ": Car, in " in said
    await room.undone()
    assert not path.exists()
    await room.undone()
    assert "New tyres." in path.read_text()


@pytest.mark.parametrize("tool", ["file_write", "file_copy", "file_move"])
async def test_a_file_that_a_person_changed_since_stays_as_it_is(room: UndoRoom, tool: str) -> None:
    a, new = room.folder / "a.txt", room.folder / "new.txt"
    params = {"path": new, "content": "new"} if tool == "file_write" else {"source": a, "target": new}
    await done(room, tool, **params)
    new.write_text("edited by a person")
    reply = await room.undo()
    assert reply.goal.status is Status.FAILED
    assert "was changed since" in reply.goal.error
    assert new.read_text() == "edited by a person"


async def test_of_a_sorted_folder_what_a_person_changed_stays_and_the_rest_comes_back(room: UndoRoom) -> None:
    await done(room, "file_sort", folder=room.folder, into={"Texts": ["a.txt", "b.txt"]})
    (room.folder / "Texts" / "a.txt").write_text("edited by a person")
    said = await room.undone()
    assert "Moved 1 file back" in said
    assert "a.txt: it was changed since" in said
    assert tree(room) == {"Texts": "/", "Texts/a.txt": "edited by a person", "b.txt": "second"}


async def test_a_folder_that_is_not_empty_any_more_stays(room: UndoRoom) -> None:
    await done(room, "make_folder", path=room.folder / "made")
    (room.folder / "made" / "mine.txt").write_text("mine")
    assert "not empty any more" in (await room.undo()).goal.error
    assert (room.folder / "made" / "mine.txt").exists()


async def test_nothing_is_put_back_over_what_a_person_put_there(room: UndoRoom) -> None:
    a = room.folder / "a.txt"
    await done(room, "file_trash", path=a)
    a.write_text("mine")
    assert (await room.undo()).goal.status is Status.FAILED
    assert a.read_text() == "mine"


async def test_what_was_there_before_is_not_the_calls_own(room: UndoRoom) -> None:
    a = room.folder / "a.txt"
    await done(room, "file_write", path=a, content="first", replace=True)
    assert [one for one in await room.actions() if one.receipt.kind == "file" and not one.refusal] == []
