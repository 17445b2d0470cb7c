"""Which words ask for an action, and the calls that one whose words say all comes to."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from senter.components.task_engine.offline.actions import actions_in, is_action_request
from senter.components.task_engine.offline.request import LAST_TEXT


@pytest.mark.parametrize(
    "text",
    [
        "Send an email to Anna",
        "please run the tests",
        "Could you please delete my files",
        "Note: buy milk",
        "create a new folder",
        "Sort ~/photos by face",
        "write it to ~/x.md",
        "restore my files",
        "undo that",
    ],
)
def test_an_action_is_asked_for(text: str) -> None:
    assert is_action_request(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is the sea?",
        "Order of the planets",
        "Tell me how to send a letter",
        "sender",
        "write a note about bees",
        "write it up",
        "Organise my week",
    ],
)
def test_an_answer_is_asked_for(text: str) -> None:
    assert not is_action_request(text)


CALLS: list[tuple[str, str, dict[str, JsonValue]]] = [
    ("delete the file ~/old.txt.", "file_trash", {"path": "~/old.txt"}),
    ("Trash '/srv/a b.txt'", "file_trash", {"path": "/srv/a b.txt"}),
    ("move /a/x.pdf to /b/", "file_move", {"source": "/a/x.pdf", "target": "/b/x.pdf"}),
    ("rename ~/x.txt to y.txt", "file_move", {"source": "~/x.txt", "target": "~/y.txt"}),
    ("rename / to y", "file_move", {"source": "/", "target": "/y"}),
    ("copy ~/x.txt to ~/z/x.txt", "file_copy", {"source": "~/x.txt", "target": "~/z/x.txt"}),
    ("create a new folder called ~/papers/new", "make_folder", {"path": "~/papers/new"}),
    ("run `pytest -q 'a b'` in ~/p", "run_command", {"argv": ["pytest", "-q", "a b"], "folder": "~/p"}),
    ("Restore 04131ddc78f50475", "trash_restore", {"id": "04131ddc78f50475"}),
    ("bring back '/a b.md' from the trash", "trash_restore", {"path": "/a b.md"}),
    ("save it to ~/found.md", "file_write", {"path": "~/found.md", "content": LAST_TEXT}),
]


@pytest.mark.parametrize(("text", "tool", "params"), CALLS)
def test_an_action_whose_words_say_all_is_a_call(text: str, tool: str, params: dict[str, JsonValue]) -> None:
    assert is_action_request(text)
    assert [(action.tool, action.params) for action in actions_in(text)] == [(tool, params)]


@pytest.mark.parametrize(
    ("text", "tool", "params"),
    [
        ("list the files in ~/x", "file_list", {"path": "~/x"}),
        ("Check my calendar", "calendar_check", {"days": 7}),
        ("What is in my calendar tomorrow?", "calendar_check", {"days": 2}),
        ("show me my calendar for the next 30 days", "calendar_check", {"days": 30}),
    ],
)
def test_a_look_is_a_call_too(text: str, tool: str, params: dict[str, JsonValue]) -> None:
    assert [(action.tool, action.params) for action in actions_in(text)] == [(tool, params)]


def test_several_files_are_several_calls() -> None:
    assert [action.params["path"] for action in actions_in("delete ~/a, ~/b and /c/d")] == ["~/a", "~/b", "/c/d"]


@pytest.mark.parametrize(
    "text",
    [
        "delete the duplicates in ~/Downloads",
        "run the tests in ~/p",
        "run `ls`",
        "run `rm -rf * && ls` in ~/p",
        "run `echo 'a` in ~/p",
        "add the dentist to my calendar",
        "Note: buy milk",
        "Remind me to eat on friday",
        "move ~/x",
        "Research tea",
    ],
)
def test_what_leaves_something_open_is_no_call(text: str) -> None:
    assert actions_in(text) == ()
