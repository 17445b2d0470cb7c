"""The tasks that rule plans are put together from, each with what must be so after it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from senter.components.task_engine.contract.plan import (
    NothingStayed,
    PersonJudges,
    PlannedTask,
    Postcondition,
    SourcesAtLeast,
    TextAtLeast,
    Work,
)
from senter.components.task_engine.contract.tool import DOCUMENTS_SEARCH
from senter.components.task_engine.offline.request import LAST_TEXT, Action
from senter.messages.goals import TaskType
from senter.text import cut, one_line

FILE_LIST = "file_list"
FILE_READ = "file_read"
WEB_FETCH = "web_fetch"
EMAIL_DRAFT = "email_draft"
NOTE = "note"
REMIND = "remind"
RUN_COMMAND = "run_command"
CALENDAR_CHECK = "calendar_check"
ORGANISING = (FILE_LIST, "file_sort")
READING = (FILE_READ, WEB_FETCH)
LOOKING = (FILE_LIST, *READING, CALENDAR_CHECK)
"""Tools whose output is what a person asked to see."""
RESULTS_OF_A_SEARCH = 8
LONGEST_DESCRIPTION = 200
LONGEST_TITLE = 100
CITED = (SourcesAtLeast(count=1), TextAtLeast(characters=80))
ONE_SOURCE = (SourcesAtLeast(count=1),)
WRITTEN = (TextAtLeast(characters=80),)
JUDGED = (*WRITTEN, PersonJudges())
SOMETHING = (TextAtLeast(characters=1),)
MOVED = (*SOMETHING, NothingStayed())
ANYTHING = (*SOMETHING, PersonJudges())
A_FEW_WORDS = (TextAtLeast(characters=20),)
_TYPES = {
    **dict.fromkeys((NOTE, REMIND, EMAIL_DRAFT), TaskType.COMMUNICATE),
    **dict.fromkeys(READING, TaskType.RESEARCH),
    RUN_COMMAND: TaskType.CUSTOM,
    CALENDAR_CHECK: TaskType.ANALYZE,
}


def reminder(text: str, when: str) -> PlannedTask:
    return call_of(REMIND, {"text": text, "at": when}, f"Set a reminder for {when}: {text}")


def reminder_note(what: str) -> PlannedTask:
    """A reminder that names no time."""
    title = f"Reminder: {what}"
    text = f"{title}\n\nThis is a note, nothing will ring. To be told: senter remind TEXT --at TIME"
    params: dict[str, JsonValue] = {"title": cut(title, LONGEST_TITLE), "text": text}
    return call_of(NOTE, params, f"Note the reminder (nothing will ring by itself): {what}")


def done_by(action: Action, text: int) -> PlannedTask:
    """The task of an action; `text` is the number of the task with the last text."""
    uses_text = LAST_TEXT in action.params.values()
    params = {name: f"{{{{{text}}}}}" if value == LAST_TEXT else value for name, value in action.params.items()}
    # A command may well say nothing.
    conditions = (PersonJudges(),) if action.tool == RUN_COMMAND else SOMETHING
    task = call_of(action.tool, params, action.description, conditions)
    return task.model_copy(update={"depends_on": (text,)}) if uses_text else task


def drafted_email(to: Sequence[str], topic: str, text: int) -> PlannedTask:
    params: dict[str, JsonValue] = {"to": [*to], "subject": cut(topic, 200), "body": f"{{{{{text}}}}}"}
    task = call_of(EMAIL_DRAFT, params, f"Put the e-mail to {', '.join(to)} in the drafts folder (it is not sent)")
    return task.model_copy(update={"depends_on": (text,)})


def custom(text: str) -> PlannedTask:
    words = one_line(text) or "Do what the goal says"
    return PlannedTask(description=cut(words, 500), about=cut(words, 300), postconditions=ANYTHING)


def unsourced(text: str, type_: TaskType) -> PlannedTask:
    """What a model knows, where there is nothing to search: the plan says so, and the result too."""
    return custom(text).model_copy(update={"type": type_, "postconditions": JUDGED})


def gather(item: str) -> PlannedTask:
    """Optional: what is known of the others is worth having too."""
    task = work_on(Work.GATHER, f"Gather what is known about {item}", item, [], ONE_SOURCE)
    return task.model_copy(update={"optional": True})


def search_task(way: str, topic: str, *, optional: bool) -> PlannedTask:
    where = "your documents" if way == DOCUMENTS_SEARCH else "the web"
    params: dict[str, JsonValue] = {"query": topic, "limit": RESULTS_OF_A_SEARCH}
    task = call_of(way, params, f"Search {where} for {topic}", ONE_SOURCE)
    return task.model_copy(update={"type": TaskType.RESEARCH, "optional": optional})


def read_task(address: str) -> PlannedTask:
    tool, argument = (WEB_FETCH, "url") if "://" in address else (FILE_READ, "path")
    return call_of(tool, {argument: address}, f"Read {address}")


def list_task(folder: str) -> PlannedTask:
    return call_of(FILE_LIST, {"path": folder}, f"List {folder}")


def proposal(folder: str, by: str, listing: int) -> PlannedTask:
    description = f"Propose an order for {folder} by {by}"
    task = work_on(Work.PROPOSE, description, folder, [listing], A_FEW_WORDS, TaskType.ORGANIZE)
    return task.model_copy(update={"tool_params": {"by": by}})


def moves(folder: str, proposed: int) -> PlannedTask:
    description = f"Move the files of {folder} as proposed"
    return work_on(Work.MOVE, description, folder, [proposed], MOVED, TaskType.ORGANIZE)


def call_of(
    tool: str,
    params: dict[str, JsonValue],
    description: str,
    postconditions: tuple[Postcondition, ...] = SOMETHING,
) -> PlannedTask:
    return PlannedTask(
        description=cut(description, LONGEST_DESCRIPTION),
        type=_TYPES.get(tool, TaskType.ORGANIZE),
        tool=tool,
        tool_params=params,
        postconditions=postconditions,
    )


def work_on(
    work: Work,
    description: str,
    about: str,
    depends_on: Sequence[int],
    postconditions: tuple[Postcondition, ...],
    type_: TaskType | None = None,
) -> PlannedTask:
    analysis = (Work.TABLE, Work.CONCLUDE)
    return PlannedTask(
        description=cut(description, LONGEST_DESCRIPTION),
        type=type_ or (TaskType.ANALYZE if work in analysis else TaskType.RESEARCH),
        work=work,
        about=cut(about, 300),
        depends_on=tuple(depends_on),
        postconditions=postconditions,
    )
