"""A place to plan and carry out goals in: five small documents, tools over them, a scripted model on a bus."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import structlog

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock
from senter.component.models import MODEL_CLIENT_RECEIVES, MODEL_CLIENT_SENDS, RESEARCH, ModelClient
from senter.components.task_engine.contract.asked import Asked
from senter.components.task_engine.contract.plan import Plan, PlanResult
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.offline.door import RulesApart, planning_child
from senter.components.task_engine.permissions.granted import GrantedAccess
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.file_list import FileList
from senter.components.task_engine.tools.file_sort import FileSort
from senter.components.task_engine.work.executor import WorkExecutor
from senter.components.task_engine.work.planner import Planner
from senter.components.task_engine.work.report_file import Results
from senter.messages.acts import Act
from senter.messages.goals import Grant
from senter.messages.message import ComponentName
from senter.messages.model import ModelRequest, ModelResponse
from senter.paths import Paths
from tests.support.goal_tools import (
    ASKED_AT,
    DocumentsSearch,
    FewTools,
    FileRead,
    Note,
    PlainSteps,
    WebFetch,
    WebSearch,
    grant_for,
    run_plan,
)
from tests.support.scripted_worker import ScriptedWorker

DOCUMENTS = {
    "decorators.md": """# Python decorators

A decorator is a callable that takes a function and returns another function. Decorators were added to
Python in version 2.4, in 2004 (PEP 318).

```python
@cache
def f(): ...
```

- `functools.wraps` copies the name and the docstring of the wrapped function.
""",
    "classes.txt": "Class decorators were added in Python 2.6 by PEP 3129. They take a class and return a class.\n",
    "timing.md": "# Timing\nThe lru_cache decorator keeps results of earlier calls; its default maxsize is 128.\n",
    "closures.md": "# Closures\n\nA closure is a function that remembers the variables around it. "
    "Closures make decorators possible in Python.\n",
    "bread.md": "# Bread\n\nMix flour, water and salt. Let the dough rest for 12 hours. Bake at 230 degrees.\n",
}

ZONE = "Europe/London"


@dataclass
class Desk:
    """What a test plans and works with."""

    folder: Path
    home: Paths
    worker: ScriptedWorker
    client: ModelClient
    web: WebSearch
    pages: WebFetch
    tools: FewTools
    rules: RulesApart
    steps: PlainSteps
    executor: WorkExecutor
    access: GrantedAccess
    asked: list[ModelRequest] = field(default_factory=list[ModelRequest])

    @property
    def grant(self) -> Grant:
        return grant_for(self.folder)

    async def ask(self, request: ModelRequest) -> ModelResponse:
        self.asked.append(request)
        return await self.client.ask(request, RESEARCH, timeout_seconds=10)

    async def plan(self, text: str, folders: Sequence[str] | None = None) -> PlanResult:
        """With the documents' folder named, unless others are given."""
        return await Planner(self.tools, self.rules, ZONE).plan(
            Asked(text, ASKED_AT), [str(self.folder)] if folders is None else folders, self.ask, self.grant
        )

    async def planned_of(self, text: str, *acts: Act, own: bool = False) -> PlanResult:
        """Of what was understood."""
        asked = Asked(text, ASKED_AT, acts, own=own)
        return await Planner(self.tools, self.rules, ZONE).plan(asked, [str(self.folder)], self.ask, self.grant)

    async def own_of(self, text: str, act: Act) -> PlanResult:
        """Of a goal of the person's own."""
        return await self.planned_of(text, act, own=True)

    async def carry_out(self, plan: Plan, goal: str, grant: Grant | None = None) -> dict[int, TaskOutput]:
        return await run_plan(plan, goal, self.executor, self.steps, grant or self.grant)

    async def do(self, goal: str) -> TaskOutput:
        """Plan a goal, carry it out, and return what its last task yielded."""
        planned = await self.plan(goal)
        outputs = await self.carry_out(planned.plan, goal)
        return outputs[len(outputs)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    home = Paths(tmp_path / "home")
    home.make_folders()
    broker = MemoryBroker()
    worker = ScriptedWorker(broker, RESEARCH)
    await worker.open()
    bus = broker.bus(ComponentName("engine"), Manifest(receives=MODEL_CLIENT_RECEIVES, sends=MODEL_CLIENT_SENDS))
    web, pages = WebSearch(on=False), WebFetch({})
    tools = FewTools(DocumentsSearch(folder), web, pages, FileRead(), FileList(), FileSort(), Note())
    writable = grant_for(folder).model_copy(update={"read_roots": (str(tmp_path),), "write_roots": (str(tmp_path),)})
    access = GrantedAccess(writable, home, SystemClock(), TaskEngineSettings())
    call = ToolCall("key", access, SystemClock().now(), home, bus, SystemClock(), structlog.stdlib.get_logger("test"))
    async with ModelClient(bus, SystemClock()) as client, planning_child() as child:
        steps = PlainSteps(tools, call, client)
        executor = WorkExecutor(tools, Results(home), ZONE)
        yield Desk(folder, home, worker, client, web, pages, tools, RulesApart(child), steps, executor, access)
    await worker.close()
    await bus.close()
