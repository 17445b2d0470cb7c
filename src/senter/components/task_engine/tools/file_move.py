"""The tool file_move: a file or a folder, to where nothing is yet."""

from __future__ import annotations

from pathlib import Path

from senter.component.threads import in_thread
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.arguments import Arguments, PathToCreate, PathToWrite
from senter.components.task_engine.contract.tool import InverseCall, Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.file_receipts import FILE_MOVE, made_result
from senter.components.task_engine.tools.intents import FileIntent, Identity, Intents
from senter.errors import ToolError
from senter.messages.tools import EffectClass
from senter.sentences import phrase


class FileMoveArguments(Arguments):
    source: PathToWrite
    """The file or folder to move, absolute."""
    target: PathToCreate
    """Where it is to be, absolute. Nothing may be there."""
    identity: Identity | None = None
    """What it is known by: only where it is still that."""


class FileMove(Tool[FileMoveArguments]):
    """Compensable: a call that was cut off is undone by moving back what it moved, and nothing else."""

    name = "file_move"
    description = "Moves or renames a file or a folder. Never replaces anything."
    arguments = FileMoveArguments
    examples = (
        ToolExample(
            "Rename /home/kim/b.md to /home/kim/c.md", {"source": "/home/kim/b.md", "target": "/home/kim/c.md"}
        ),
    )
    effect = EffectClass.COMPENSABLE
    permission = "writing both folders"
    undoable = True

    async def run(self, arguments: FileMoveArguments, call: ToolCall) -> ToolResult:
        await in_thread(_move, arguments, call)
        source, target = arguments.source, arguments.target
        done = phrase("Moved {source} to {target}", source=source, target=target)
        back = {"source": str(target), "target": str(source)}
        identity = await in_thread(Identity.of, call.access, target)
        kept = {"identity": identity.model_dump(mode="json")} if identity else {}
        return made_result(target, done, (InverseCall(FILE_MOVE, {**back, **kept}),))

    async def compensate(self, arguments: FileMoveArguments, call: ToolCall) -> None:
        await in_thread(_move_back, arguments, call)


def _move(arguments: FileMoveArguments, call: ToolCall) -> None:
    source, target = _fixed(arguments.source), _fixed(arguments.target)
    identity = Identity.of(call.access, source)
    if identity is None:
        raise ToolError(f"There is no {source}.", trusted=True)
    if arguments.identity and not arguments.identity.is_same(identity):
        raise ToolError(f"{source} was changed since.", trusted=True)
    if call.access.exists(target):
        raise ToolError(f"{target} is already there.", "Choose another name.", trusted=True)
    Intents(call.paths).keep(call.idempotency_key, FileIntent(source=source, target=target, identity=identity))
    call.access.move(source, target)


def _move_back(arguments: FileMoveArguments, call: ToolCall) -> None:
    intents = Intents(call.paths)
    intent = intents.find(call.idempotency_key, FileIntent)
    if intent is not None and _was_moved(call.access, intent):
        call.access.move(intent.target, intent.source, for_now=True)
    intents.forget(call.idempotency_key)


def _was_moved(access: Access, intent: FileIntent) -> bool:
    """Raises `ToolError` where that cannot be told."""
    if access.exists(intent.source):
        return False
    there = Identity.of(access, intent.target)
    if there != intent.identity:
        raise ToolError(
            f"{intent.source} is gone and {intent.target} is {'another file' if there else 'not there'}.",
            "Look where it is, and move it back.",
        )
    return True


def _fixed(path: Path) -> Path:
    """Without a slash at the end or dots in between, which `exists` and `move` would read differently."""
    if ".." in path.parts:
        raise ToolError(f"{path} leads through '..'.", "Give the path without it.", trusted=True)
    return path
