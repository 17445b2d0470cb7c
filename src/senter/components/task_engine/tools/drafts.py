"""The tools email_draft, message_draft and note: files for a person to look at. Nothing is ever sent.

Each is named by its idempotency key, so that another attempt writes the same file.
"""

from __future__ import annotations

import json
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Annotated

from pydantic import Field

from senter.component.threads import in_thread
from senter.components.task_engine.contract.arguments import Arguments, Line, Text
from senter.components.task_engine.contract.plan import FilesWritten
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.tools.naming import file_name, written_data
from senter.errors import ToolError
from senter.messages.needs import CreatePath, Need
from senter.messages.tools import EffectClass
from senter.paths import Paths

Address = Annotated[Line, Field(max_length=320, pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]
SomeText = Annotated[Text, Field(min_length=1)]


class EmailDraftArguments(Arguments):
    to: tuple[Address, ...] = Field(min_length=1, max_length=100)
    """Whom it is to."""
    subject: Line
    """The subject."""
    body: SomeText
    """The text."""
    cc: tuple[Address, ...] = Field(default=(), max_length=100)
    """Who gets a copy."""


class MessageDraftArguments(Arguments):
    to: Line
    """Whom it is to."""
    text: SomeText
    """The text."""
    channel: Line = "message"
    """What it is to be sent with, such as a messenger."""


class NoteArguments(Arguments):
    title: Line
    """What it is about."""
    text: SomeText
    """What it says."""


class EmailDraft(Tool[EmailDraftArguments]):
    name = "email_draft"
    description = "Writes an e-mail as an .eml file in the drafts folder, for the user to look at. Never sends it."
    arguments = EmailDraftArguments
    effect = EffectClass.IDEMPOTENT
    permission = "writing the drafts folder"
    postconditions = (FilesWritten(),)

    def needs(self, arguments: EmailDraftArguments, paths: Paths) -> tuple[Need, ...]:
        return (CreatePath(path=_drafts(paths)),)

    async def run(self, arguments: EmailDraftArguments, call: ToolCall) -> ToolResult:
        path = _drafts(call.paths) / file_name(arguments.subject, call.idempotency_key, ".eml")
        return await _written(call, path, _email(arguments, call).as_bytes(), "The draft is in")


class MessageDraft(Tool[MessageDraftArguments]):
    name = "message_draft"
    description = "Writes a message as a file in the drafts folder, for the user to look at. Never sends it."
    arguments = MessageDraftArguments
    effect = EffectClass.IDEMPOTENT
    permission = "writing the drafts folder"
    postconditions = (FilesWritten(),)

    def needs(self, arguments: MessageDraftArguments, paths: Paths) -> tuple[Need, ...]:
        return (CreatePath(path=_drafts(paths)),)

    async def run(self, arguments: MessageDraftArguments, call: ToolCall) -> ToolResult:
        path = _drafts(call.paths) / file_name(f"to {arguments.to}", call.idempotency_key, ".md")
        head = {"to": arguments.to, "channel": arguments.channel}
        return await _written(call, path, _page(head, arguments.text, call), "The draft is in")


class Note(Tool[NoteArguments]):
    name = "note"
    description = "Writes a note as a Markdown file in the notes folder."
    arguments = NoteArguments
    effect = EffectClass.IDEMPOTENT
    permission = "writing the notes folder"
    postconditions = (FilesWritten(),)

    def needs(self, arguments: NoteArguments, paths: Paths) -> tuple[Need, ...]:
        return (CreatePath(path=_notes(paths)),)

    async def run(self, arguments: NoteArguments, call: ToolCall) -> ToolResult:
        path = _notes(call.paths) / file_name(arguments.title, call.idempotency_key, ".md")
        return await _written(call, path, _page({"title": arguments.title}, arguments.text, call), "The note is in")


def _drafts(paths: Paths) -> Path:
    return paths.data / "drafts"


def _notes(paths: Paths) -> Path:
    return paths.data / "notes"


async def _written(call: ToolCall, path: Path, content: bytes, words: str) -> ToolResult:
    if not await in_thread(call.access.exists, path):  # else an earlier attempt at this very call wrote it
        await in_thread(call.access.write, path, content, replace=False)
    return ToolResult(text=f"{words} {path}.", data=written_data(path, content), files=(str(path),), trusted=True)


def _email(arguments: EmailDraftArguments, call: ToolCall) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    try:
        message["To"] = ", ".join(arguments.to)
        if arguments.cc:
            message["Cc"] = ", ".join(arguments.cc)
        message["Subject"] = call.defused(arguments.subject)
        message["Date"] = call.clock.now()
        message["Message-ID"] = f"<{call.idempotency_key}@senter.invalid>"
        message["X-Unsent"] = "1"  # mail programs open it for editing
        message.set_content(call.defused(arguments.body))
    except (ValueError, IndexError, AttributeError) as error:  # an address that the library cannot parse
        raise ToolError("Cannot write this e-mail: check its addresses.", trusted=True) from error
    return message


def _page(head: dict[str, str], text: str, call: ToolCall) -> bytes:
    """Markdown with front matter; JSON strings are YAML strings."""
    shown = {name: call.defused(value) for name, value in head.items()}
    fields = {**shown, "created": call.clock.now().isoformat(timespec="seconds")}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---", "", call.defused(text).rstrip(), ""]).encode()
