"""The task engine and the documents as tests of the API script them: they remember, and carry nothing out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from senter.bus.bus import Bus
from senter.errors import Conflict, Forbidden, InvalidInput, NotFound
from senter.messages.activity import ActivityLogged
from senter.messages.approvals import (
    Approval,
    ApprovalsReply,
    AuditEntry,
    AuditReply,
    DecideApproval,
    GetAudit,
    ListApprovals,
)
from senter.messages.calendar import (
    AddEvent,
    CalendarConnected,
    CalendarKind,
    CalendarsReply,
    ConnectCalendar,
    DisconnectCalendar,
    EventsReply,
    ListCalendars,
    ListEvents,
    RemoveEvent,
)
from senter.messages.documents import (
    AddFolder,
    DocumentText,
    Folder,
    FoldersReply,
    ListFolders,
    ReadDocument,
    RemoveFolder,
)
from senter.messages.envelope import continuing
from senter.messages.goals import (
    FINAL,
    AskWhy,
    ChangeGoal,
    CreateGoal,
    GetGoal,
    GetResult,
    GoalId,
    GoalReply,
    GoalsReply,
    GoalView,
    Grant,
    ListGoals,
    Panic,
    PlanGoal,
    ResultReply,
    Shown,
    Status,
    TaskFinished,
    TaskId,
    TaskType,
    TaskView,
    UpdateTask,
    WhyLine,
    WhyReply,
)
from senter.messages.message import Done
from senter.messages.needs import ReachHost
from senter.messages.tools import EffectClass, ListTools, TestTool, ToolsReply, ToolTested, ToolView
from senter.messages.undo import ActionsReply, ListActions, Undo
from tests.support.scripted import Scripted

BEGUN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CONNECTED = CalendarConnected(name="work", kind=CalendarKind.FILE, found=(), can_write=True, is_for_new=True)


class ScriptedEngine(Scripted):
    """Keeps goals in a dictionary; a test moves them on."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(
            bus,
            {
                CreateGoal: self._create,
                PlanGoal: self._plan,
                ListGoals: self._list,
                GetGoal: self._get,
                GetResult: self._result,
                ChangeGoal: self._change,
                UpdateTask: self._update,
                AskWhy: self._why,
                Panic: self._panic,
                ListApprovals: self._approvals,
                DecideApproval: self._decide,
                GetAudit: self._audit,
                Undo: self._undo,
                ListActions: ActionsReply(actions=()),
                ListEvents: EventsReply(events=(), calendars=("calendar",)),
                ListCalendars: CalendarsReply(calendars=()),
                ConnectCalendar: CONNECTED,
                DisconnectCalendar: Done(),
                AddEvent: self._add_event,
                RemoveEvent: self._remove_event,
                ListTools: ToolsReply(tools=(tool(),)),
                TestTool: self._test,
            },
        )
        self.goals: dict[GoalId, GoalReply] = {}
        self.requests: dict[str, GoalId] = {}
        self.approval = approval()
        self.panicking = False

    async def finish_task(self, goal_id: GoalId, *, completed: bool = False) -> None:
        """Its task is done; so is the goal when the report is written, which `completed` says."""
        reply = self.goals[goal_id]
        task = reply.tasks[0].model_copy(update={"status": Status.COMPLETED, "state": Shown.COMPLETED})
        goal = reply.goal.model_copy(update={"progress_percent": 100})
        if completed:
            goal = goal.model_copy(update={"status": Status.COMPLETED, "state": Shown.COMPLETED})
        self.goals[goal_id] = reply.model_copy(update={"goal": goal, "tasks": (task,)})
        finished = TaskFinished(goal_id=goal_id, task_id=task.id, status=task.status, description=task.description)
        activity = ActivityLogged(kind="task_completed", summary="Done: it", details={"task_id": task.id})
        with continuing(f"request-{goal_id}"):
            await self.bus.publish(finished)
            await self.bus.publish(activity)

    async def _create(self, command: CreateGoal) -> GoalReply:
        goal_id = self.requests.setdefault(command.request_id, GoalId(len(self.goals) + 1))
        if goal_id not in self.goals:
            self.goals[goal_id] = goal_reply(goal_id, command.text, command.priority)
        return self.goals[goal_id]

    async def _add_event(self, command: AddEvent) -> GoalReply:
        return await self._create(CreateGoal(request_id=command.request_id, text=command.text))

    async def _remove_event(self, command: RemoveEvent) -> GoalReply:
        return await self._create(CreateGoal(request_id=command.request_id, text=f"Remove: {command.title}"))

    async def _undo(self, command: Undo) -> GoalReply:
        if command.number is not None:
            raise NotFound(f"There is no action {command.number}.")
        return await self._create(CreateGoal(request_id=command.request_id, text="Undo: it"))

    async def _plan(self, command: PlanGoal) -> GoalReply:
        return goal_reply(GoalId(0), command.text, 5)

    async def _list(self, command: ListGoals) -> GoalsReply:
        found = [reply.goal for reply in self.goals.values()]
        shown = [goal for goal in found if command.all or goal.status not in FINAL]
        return GoalsReply(goals=tuple(shown[: command.limit]), total=len(shown))

    async def _get(self, command: GetGoal) -> GoalReply:
        return self._find(command.goal_id)

    async def _result(self, command: GetResult) -> ResultReply:
        goal = self._find(command.goal_id or GoalId(len(self.goals))).goal
        return ResultReply(goal=goal, text="", whole=True)

    async def _change(self, command: ChangeGoal) -> GoalReply:
        reply = self._find(command.goal_id)
        if command.action == "cancel":
            changed: dict[str, object] = {"status": Status.CANCELLED, "state": Shown.CANCELLED}
        elif command.action == "prioritise":
            if command.priority is None:
                raise InvalidInput("Prioritise to what?", "Give a priority from 1 to 10, higher first.")
            changed = {"priority": command.priority}
        else:
            changed = {"paused": command.action == "pause"}
        goal = reply.goal.model_copy(update=changed)
        self.goals[command.goal_id] = reply.model_copy(update={"goal": goal})
        return self.goals[command.goal_id]

    async def _update(self, command: UpdateTask) -> GoalReply:
        for reply in self.goals.values():
            if reply.tasks[0].id == command.task_id:
                return reply
        raise NotFound(f"There is no task {command.task_id}.")

    async def _why(self, command: AskWhy) -> WhyReply:
        line = WhyLine(depth=0, kind="goal", id=command.about, text="active: Compare tea and coffee", at=BEGUN)
        return WhyReply(lines=(line, WhyLine(depth=1, kind="request", id="r1", text="asked for by user")))

    async def _panic(self, command: Panic) -> Done:
        self.panicking = not command.release
        return Done()

    async def _approvals(self, command: ListApprovals) -> ApprovalsReply:
        waits = command.all or not self.approval.decision
        return ApprovalsReply(approvals=(self.approval,) if waits else ())

    async def _decide(self, command: DecideApproval) -> ApprovalsReply:
        if command.approval_id != self.approval.id:
            raise NotFound(f"There is no approval {command.approval_id}.", "See them with: senter approvals")
        if self.approval.decision not in ("", command.decision):
            raise Conflict(f"Approval {self.approval.id} was decided before.")
        self.approval = self.approval.model_copy(update={"decision": command.decision})
        return ApprovalsReply(approvals=(self.approval,))

    async def _audit(self, command: GetAudit) -> AuditReply:
        entry = AuditEntry(
            number=1, at=BEGUN, actor="user", action="goal_created", subject="goal 1", content_digest="a", digest="b"
        )
        entries = (entry,) if command.after < 1 and command.limit else ()
        found = {"intact": True, "head": entry.digest} if command.verify else {}
        return AuditReply(entries=entries, total=1).model_copy(update=found)

    async def _test(self, command: TestTool) -> ToolTested:
        if command.tool != "note":
            raise Forbidden(f"{command.tool} has an effect that cannot be undone.", "Use it in a goal.")
        return ToolTested(text=f"noted {command.arguments}")

    def _find(self, goal_id: GoalId) -> GoalReply:
        if goal_id not in self.goals:
            raise NotFound(f"There is no goal {goal_id}.", "See them with: senter goals")
        return self.goals[goal_id]


class ScriptedDocuments(Scripted):
    """Keeps the folders in a dictionary."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(
            bus,
            {
                AddFolder: self._add,
                RemoveFolder: self._remove,
                ListFolders: self._list,
                ReadDocument: self._read,
            },
        )
        self.folders: dict[str, Folder] = {}

    async def _add(self, command: AddFolder) -> FoldersReply:
        self.folders[command.path] = Folder(path=command.path, files=2, skipped=0, bytes=2_048)
        return self._reply()

    async def _remove(self, command: RemoveFolder) -> Done:
        if self.folders.pop(command.path, None) is None:
            raise NotFound(f"{command.path} is not indexed.", "See: senter documents list")
        return Done()

    async def _list(self, _: ListFolders) -> FoldersReply:
        return self._reply()

    async def _read(self, command: ReadDocument) -> DocumentText:
        text = "Rent: 850"[command.offset :]
        return DocumentText(path=command.path, title="Lease", text=text, truncated=False)

    def _reply(self) -> FoldersReply:
        return FoldersReply(folders=tuple(self.folders.values()))


def goal_reply(goal_id: GoalId, text: str, priority: int) -> GoalReply:
    """A goal with one task that is being carried out."""
    goal = GoalView(
        id=goal_id,
        text=text,
        priority=priority,
        status=Status.IN_PROGRESS,
        state=Shown.ACTIVE,
        progress_percent=0,
        focus="research",
        created_at=BEGUN,
    )
    task = TaskView(
        id=TaskId(100 + goal_id),
        number=1,
        description="Search",
        type=TaskType.RESEARCH,
        status=Status.IN_PROGRESS,
        state=Shown.ACTIVE,
    )
    return GoalReply(goal=goal, tasks=(task,), grant=Grant(read_roots=("/documents",)), planned_by="rules")


def approval() -> Approval:
    return Approval(
        id=7,
        goal_id=GoalId(1),
        task_id=TaskId(101),
        kind="permission",
        tool="web_fetch",
        arguments={"url": "https://example.org/"},
        needs=(ReachHost(host="example.org", port=443),),
        asked_at=BEGUN,
        expires_at=BEGUN + timedelta(days=1),
    )


def tool() -> ToolView:
    return ToolView(
        name="note",
        description="Writes a note.",
        effect=EffectClass.IDEMPOTENT,
        permission="nothing",
        timeout_seconds=5.0,
        arguments={"type": "object", "properties": {"text": {"type": "string"}}},
    )
