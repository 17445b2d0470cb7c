"""Puts the engine's services together from the settings: tools, planner, executor, access, reports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack

from senter.component.component import Context
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.steps import Ask
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.offline.door import RulesApart, planning_child
from senter.components.task_engine.permissions.decide import default_grant
from senter.components.task_engine.permissions.granted import GrantedAccess
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.registry import Registry
from senter.components.task_engine.work.executor import WorkExecutor
from senter.components.task_engine.work.planner import Planner
from senter.components.task_engine.work.report_file import Results
from senter.components.task_engine.work.verify import verify
from senter.errors import CommunicationError
from senter.messages.documents import ListFolders
from senter.messages.goals import Grant

FOLDERS_SECONDS = 2.0


async def wire(context: Context[TaskEngineSettings], ask: Ask, stack: AsyncExitStack) -> EngineServices:
    """The services as the settings have them."""
    settings, paths, clock = context.settings, context.paths, context.clock

    def access(grant: Grant, found: Collection[str] | None) -> Access:
        return GrantedAccess(grant, paths, clock, settings, found=found)

    def grant(folders: Sequence[str]) -> Grant:
        return default_grant(settings, folders, paths, clock)

    async def list_folders() -> Sequence[str]:
        try:
            reply = await context.bus.request(ListFolders(), timeout_seconds=FOLDERS_SECONDS)
        except CommunicationError:
            return ()
        return [folder.path for folder in reply.folders]

    results = Results(paths)
    registry = await stack.enter_async_context(Registry.open(settings, context.log))
    rules = RulesApart(await stack.enter_async_context(planning_child()))
    return EngineServices(
        tools=registry,
        calendars=registry.calendars,
        understand=rules.understood,
        plan=Planner(registry, rules, settings.timezone).plan,
        executor=WorkExecutor(registry, results, settings.timezone),
        verify=verify,
        report=results.report,
        folder=results.folder,
        default_grant=grant,
        access=access,
        list_folders=list_folders,
        ask=ask,
        settings=settings,
        bus=context.bus,
        paths=paths,
        clock=clock,
        log=context.log,
    )
