"""The tools email_draft, message_draft and note: files for a person to look at. Nothing is ever sent.

Each is named by its idempotency key, so that another attempt writes the same file.
"""

from __future__ import annotations

import json
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from senter.component.threads import in_thread
from senter.components.task_engine.contract.arguments import Arguments, Line, Text
from senter.components.task_engine.contract.plan import FilesWritten
from senter.components.task_engine.contract.tool import ArgumentsT, Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.file_receipts import digest_of_file, file_receipt, to_trash
from senter.components.task_engine.tools.naming import KEY_CHARACTERS, file_name, written_data
from senter.errors import ToolError
from senter.messages.acts import Receipt, ThingKind
from senter.messages.needs import CreatePath, Need
from senter.messages.tools import EffectClass
from senter.paths import Paths
from senter.sentences import phrase

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


class PaperTool(Tool[ArgumentsT]):
    """Writes one paper into a folder below the data folder."""

    effect = EffectClass.IDEMPOTENT
    permission = "writing the drafts folder"
    undoable = True
    postconditions = (FilesWritten(),)
    kind: ClassVar[Literal["draft", "note"]] = "draft"

    def needs(self, arguments: ArgumentsT, paths: Paths) -> tuple[Need, ...]:
        return (CreatePath(path=self._folder(paths)),)

    async def written(self, call: ToolCall, words: str, ending: str, content: bytes) -> ToolResult:
        path = self._folder(call.paths) / file_name(words, call.idempotency_key, ending)
        if not await in_thread(call.access.exists, path):  # else an earlier attempt at this very call wrote it
            await in_thread(call.access.write, path, content, replace=False)
        text, data = f"The {self.kind} is in {path}.", written_data(path, content)
        receipt = self._receipt(words, path, call)
        inverse = (to_trash(path, await in_thread(digest_of_file, call.access, path)),)
        files = (str(path),)
        return ToolResult(text=text, data=data, files=files, trusted=True, receipts=(receipt,), inverse=inverse)

    def _receipt(self, words: str, path: Path, call: ToolCall) -> Receipt:
        number, title = call.idempotency_key[:KEY_CHARACTERS], call.defused(words)
        form = "Note {id}: {title}, in {path}" if self.kind == "note" else "Draft {id}: {title}, in {path}"
        done = phrase(form, id=number, title=title, path=path)
        if self.kind == "draft":
            return file_receipt(path, done)
        return Receipt(kind=ThingKind.NOTE, id=str(path), title=title, done=done)

    def _folder(self, paths: Paths) -> Path:
        return paths.data / f"{self.kind}s"


class EmailDraft(PaperTool[EmailDraftArguments]):
    name = "email_draft"
    description = "Writes an e-mail as an .eml file in the drafts folder, for the user to look at. Never sends it."
    arguments = EmailDraftArguments
    examples = (
        ToolExample(
            "Write to kim@example.com that the parcel came",
            {"to": ["kim@example.com"], "subject": "Parcel", "body": "Hello, the parcel came."},
        ),
    )

    async def run(self, arguments: EmailDraftArguments, call: ToolCall) -> ToolResult:
        return await self.written(call, arguments.subject, ".eml", _email(arguments, call).as_bytes())


class MessageDraft(PaperTool[MessageDraftArguments]):
    name = "message_draft"
    description = "Writes a message as a file in the drafts folder, for the user to look at. Never sends it."
    arguments = MessageDraftArguments
    examples = (
        ToolExample("Prepare a message to Max that dinner is ready", {"to": "Max", "text": "Dinner is ready."}),
    )

    async def run(self, arguments: MessageDraftArguments, call: ToolCall) -> ToolResult:
        head = {"to": arguments.to, "channel": arguments.channel}
        return await self.written(call, f"to {arguments.to}", ".md", _page(head, arguments.text, call))


class Note(PaperTool[NoteArguments]):
    name = "note"
    description = "Writes a note as a Markdown file in the notes folder."
    arguments = NoteArguments
    examples = (ToolExample("Note that the car needs new tyres", {"title": "Car", "text": "The car needs new tyres."}),)
    permission = "writing the notes folder"
    kind = "note"

    async def run(self, arguments: NoteArguments, call: ToolCall) -> ToolResult:
        return await self.written(call, arguments.title, ".md", _page({"title": arguments.title}, arguments.text, call))


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
