"""The tools run_command and repeat_command: one program, in the sandbox that `Access` gives it."""

from __future__ import annotations

import shlex
from typing import Annotated

from pydantic import Field

from senter.components.task_engine.contract.arguments import Arguments, PathToRead
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolExample, ToolResult
from senter.errors import ToolError
from senter.messages.needs import Need, RunCommand
from senter.messages.tools import EffectClass
from senter.paths import Paths

OUTPUT_BYTES = 200_000
LAST_CHARACTERS = 1_000


class RunCommandArguments(Arguments):
    argv: tuple[Annotated[str, Field(max_length=32_768, pattern=r"^[^\x00]*$")], ...] = Field(
        min_length=1, max_length=256
    )
    """The program and its arguments, one by one; no shell reads them."""
    folder: PathToRead
    """Where it runs, absolute; a folder that the grant names."""
    timeout_seconds: float = Field(default=60.0, gt=0, le=600)
    """When to end it, in seconds."""


class CommandTool(Tool[RunCommandArguments]):
    """What both have in common."""

    arguments = RunCommandArguments
    permission = "the beginning of the command line"
    timeout_seconds = 630.0

    def needs(self, arguments: RunCommandArguments, paths: Paths) -> tuple[Need, ...]:
        return (RunCommand(argv=arguments.argv), *super().needs(arguments, paths))

    async def run(self, arguments: RunCommandArguments, call: ToolCall) -> ToolResult:
        ran = await call.access.run(
            arguments.argv, folder=arguments.folder, timeout_seconds=arguments.timeout_seconds, limit_bytes=OUTPUT_BYTES
        )
        if ran.exit_code:
            said = ran.output.strip()[-LAST_CHARACTERS:] or "it said nothing"
            raise ToolError(f"{shlex.join(arguments.argv[:3])} ended with exit code {ran.exit_code}: {said}")
        return ToolResult(text=ran.output, data={"exit_code": ran.exit_code, "truncated": ran.truncated})


class RunOnce(CommandTool):
    """Nobody knows what a program does, so one that was cut off is not run again without a person's word."""

    name = "run_command"
    description = "Runs a program in a sandbox without network that sees the granted folders only."
    examples = (ToolExample("Run git log in /home/kim/site", {"argv": ["git", "log"], "folder": "/home/kim/site"}),)
    effect = EffectClass.ONCE_ONLY


class RepeatCommand(CommandTool):
    """For programs of which the user said that running them again does no harm."""

    name = "repeat_command"
    description = "Runs a program that the settings name as safe to run again, in the same sandbox."
    effect = EffectClass.IDEMPOTENT

    def __init__(self, repeatable: tuple[tuple[str, ...], ...]) -> None:
        self._repeatable = repeatable

    def unavailable(self) -> str:
        return "" if self._repeatable else "the settings name no such program (task_engine.repeatable_commands)"

    async def run(self, arguments: RunCommandArguments, call: ToolCall) -> ToolResult:
        if not any(beginning and arguments.argv[: len(beginning)] == beginning for beginning in self._repeatable):
            raise ToolError(
                f"{shlex.join(arguments.argv[:3])} is not among the programs that may be run again.",
                "Use run_command, or name it in task_engine.repeatable_commands.",
                trusted=True,
            )
        return await super().run(arguments, call)
