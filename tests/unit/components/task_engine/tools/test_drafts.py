from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest
from pydantic import JsonValue, ValidationError

from tests.support.tool_desk import ToolDesk


async def test_an_email_is_drafted_as_a_file_once(desk: ToolDesk) -> None:
    wanted: dict[str, JsonValue] = {
        "to": ["ann@example.org"],
        "cc": ["bob@example.org"],
        "subject": "Käse & Wein",
        "body": "Hallo Ann,\n\n...",
    }
    first, again = [await desk.call("email_draft", **wanted) for _ in range(2)]
    (draft,) = (desk.paths.data / "drafts").iterdir()
    message = message_from_bytes(draft.read_bytes(), policy=default)
    assert (message["To"], message["Cc"], message["Subject"]) == ("ann@example.org", "bob@example.org", "Käse & Wein")
    body = message.get_body()
    assert body is not None
    assert body.get_content().startswith("Hallo Ann,")
    assert message["X-Unsent"] == "1"
    assert first.files == again.files == (str(draft),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": []},
        {"to": ["not an address"]},
        {"to": ["a@b", "c@d\nBcc: e@f"]},
        {"subject": "two\r\nBcc: eve@example.org"},
        {"subject": ""},
        {"body": ""},
    ],
)
async def test_what_could_smuggle_in_a_header_is_refused(desk: ToolDesk, wrong: dict[str, JsonValue]) -> None:
    right: dict[str, JsonValue] = {"to": ["ann@example.org"], "subject": "Hello", "body": "Hello"}
    with pytest.raises(ValidationError):
        await desk.call("email_draft", **{**right, **wrong})
    assert not (desk.paths.data / "drafts").exists()


async def test_a_message_is_drafted_with_whom_it_is_for(desk: ToolDesk) -> None:
    result = await desk.call("message_draft", to="Ann", text="See you at 8", channel="Signal")
    (draft,) = (desk.paths.data / "drafts").iterdir()
    assert result.files == (str(draft),)
    text = draft.read_text()
    assert text.startswith('---\nto: "Ann"\nchannel: "Signal"\n')
    assert text.endswith("See you at 8\n")


async def test_a_note_is_written_once_and_named_by_its_title(desk: ToolDesk) -> None:
    for _ in range(2):
        await desk.call("note", title='../../etc: a "title"', text="remember")
    (note,) = (desk.paths.data / "notes").iterdir()
    assert note.name.startswith("etc-a-title-")
    assert 'title: "../../etc: a \\"title\\""' in note.read_text()


async def test_two_notes_with_one_title_are_two_files(desk: ToolDesk) -> None:
    for key in ("1" * 32, "2" * 32):
        await desk.call("note", key, title="Same", text="text")
    assert len(list((desk.paths.data / "notes").iterdir())) == 2
