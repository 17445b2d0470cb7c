"""Puts the engine's parts together from the settings: tools, planner, executor, access, reports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from senter.component.component import Context
from senter.components.task_engine.parts import Ask, Parts
from senter.components.task_engine.permissions.access import Access
from senter.components.task_engine.permissions.decide import default_grant
from senter.components.task_engine.permissions.granted import GrantedAccess
from senter.components.task_engine.planner.plan import Postcondition
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.steps import TaskOutput
from senter.components.task_engine.testing import CountingExecutor, CountingTools, Effects, FixedPlanner, write_report
from senter.errors import CommunicationError
from senter.messages.documents import ListFolders
from senter.messages.goals import Check, Grant

FOLDERS_SECONDS = 2.0


async def assemble(context: Context[TaskEngineSettings], ask: Ask, stack: AsyncExitStack) -> Parts:
    """The parts as the settings have them."""
    settings, paths, clock = context.settings, context.paths, context.clock
    folder = settings.prove_folder or paths.data

    def access(grant: Grant, *, found: Collection[str] | None = None) -> Access:
        return GrantedAccess(grant, paths, clock, settings, found=found)

    def grant(folders: Sequence[str]) -> Grant:
        return default_grant(settings, folders, paths, clock)

    async def list_folders() -> Sequence[str]:
        try:
            reply = await context.bus.request(ListFolders(), timeout_seconds=FOLDERS_SECONDS)
        except CommunicationError:
            return ()
        return [folder.path for folder in reply.folders]

    async def verify(
        postconditions: Sequence[Postcondition], output: TaskOutput, access: Access, folder: Path
    ) -> tuple[Check, ...]:
        return ()

    return Parts(
        tools=CountingTools(Effects(folder)),
        plan=FixedPlanner(),
        executor=CountingExecutor(),
        verify=verify,
        report=write_report(folder),
        folder=lambda focus: paths.data / "Focuses" / focus / "results",
        default_grant=grant,
        access=access,
        list_folders=list_folders,
        ask=ask,
        bus=context.bus,
        paths=paths,
    )
