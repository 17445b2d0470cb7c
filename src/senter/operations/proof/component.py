"""The task engine with tools that count, plans that are given, and faults at the boundaries of its journal."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from functools import cached_property

from senter.components.task_engine.component import TaskEngine
from senter.components.task_engine.engine.services import EngineServices
from senter.operations.proof.counting import (
    CountingExecutor,
    CountingTools,
    Effects,
    given_plan,
    nothing_but_work,
)
from senter.operations.proof.faults import FaultPoint
from senter.operations.proof.spec import counts_folder


class ProofEngine(TaskEngine):
    """The engine as it is, with other tools, planner and executor."""

    async def services(self, stack: AsyncExitStack) -> EngineServices:
        tools = CountingTools(Effects(counts_folder(self.paths)))
        usual = await super().services(stack)
        return replace(usual, tools=tools, understand=nothing_but_work, plan=given_plan, executor=CountingExecutor())

    def boundary(self, name: str) -> None:
        self._fault_point(name)

    @cached_property
    def _fault_point(self) -> FaultPoint:
        return FaultPoint(counts_folder(self.paths))
