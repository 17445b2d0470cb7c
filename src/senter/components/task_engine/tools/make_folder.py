"""The tool make_folder."""

from __future__ import annotations

from senter.component.threads import in_thread
from senter.components.task_engine.contract.arguments import Arguments, PathToCreate
from senter.components.task_engine.contract.tool import InverseCall, Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.file_receipts import FILE_TRASH, file_receipt, is_fresh
from senter.messages.tools import EffectClass
from senter.sentences import phrase


class MakeFolderArguments(Arguments):
    path: PathToCreate
    """The folder, absolute. Folders on the way are made."""


class MakeFolder(Tool[MakeFolderArguments]):
    """Idempotent: one that is there already is left as it is."""

    name = "make_folder"
    description = "Makes a folder, unless it is there."
    arguments = MakeFolderArguments
    examples = (ToolExample("Make a folder /home/kim/Work", {"path": "/home/kim/Work"}),)
    effect = EffectClass.IDEMPOTENT
    permission = "writing the folder around it"
    undoable = True

    async def run(self, arguments: MakeFolderArguments, call: ToolCall) -> ToolResult:
        await in_thread(call.access.make_folder, arguments.path)
        path = arguments.path
        return ToolResult(
            text=f"The folder {path} is there.",
            data={"path": str(path)},
            trusted=True,
            receipts=(file_receipt(path, phrase("Made the folder {path}", path=path)),) if is_fresh(path, call) else (),
            inverse=(InverseCall(FILE_TRASH, {"path": str(path), "only_empty": True}),),
        )
