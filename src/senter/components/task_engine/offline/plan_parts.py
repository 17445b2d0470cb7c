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
    WorkKind,
)
from senter.components.task_engine.contract.tool import DOCUMENTS_SEARCH
from senter.components.task_engine.offline.actions import LAST_TEXT, Deed, noted
from senter.messages.goals import TaskType

FILE_LIST = "file_list"
ORGANISING = (FILE_LIST, "file_sort")
FILE_READ = "file_read"
WEB_FETCH = "web_fetch"
EMAIL_DRAFT = "email_draft"
NOTE = "note"
REMIND = "remind"
RUN_COMMAND = "run_command"
CALENDAR_CHECK = "calendar_check"
LOOKING = (FILE_LIST, FILE_READ, WEB_FETCH, CALENDAR_CHECK)
"""Tools whose output is what a person asked to see."""
RESULTS_OF_A_SEARCH = 8
LONGEST_DESCRIPTION = 200
CITED = (SourcesAtLeast(count=1), TextAtLeast(characters=80))
ONE_SOURCE = (SourcesAtLeast(count=1),)
WRITTEN = (TextAtLeast(characters=80),)
JUDGED = (*WRITTEN, PersonJudges())
SOMETHING = (TextAtLeast(characters=1),)
MOVED = (*SOMETHING, NothingStayed())
ANYTHING = (*SOMETHING, PersonJudges())
A_FEW_WORDS = (TextAtLeast(characters=20),)


def reminder_note(what: str) -> PlannedTask:
    """A reminder that names no time."""
    text = f"Reminder: {what}\n\nThis is a note, nothing will ring. To be told: senter remind TEXT --at TIME"
    return done_by(noted(f"Reminder: {what}", text, f"Note the reminder (nothing will ring by itself): {what}"), 0)


def done_by(deed: Deed, text: int) -> PlannedTask:
    """The task of a deed; `text` is the number of the task with the last text."""
    uses_text = LAST_TEXT in deed.params.values()
    params = {name: f"{{{{{text}}}}}" if value == LAST_TEXT else value for name, value in deed.params.items()}
    # A command may well say nothing.
    conditions = (PersonJudges(),) if deed.tool == RUN_COMMAND else SOMETHING
    task = call_of(deed.tool, params, deed.description, deed.type, conditions)
    return task.model_copy(update={"depends_on": (text,)}) if uses_text else task


def drafted_email(to: Sequence[str], topic: str, text: int) -> PlannedTask:
    params: dict[str, JsonValue] = {"to": [*to], "subject": cut(topic, 200), "body": f"{{{{{text}}}}}"}
    description = f"Put the e-mail to {', '.join(to)} in the drafts folder (it is not sent)"
    task = call_of(EMAIL_DRAFT, params, description, TaskType.COMMUNICATE, SOMETHING)
    return task.model_copy(update={"depends_on": (text,)})


def custom(text: str) -> PlannedTask:
    words = " ".join(text.split()) or "Do what the goal says"
    return PlannedTask(description=cut(words, 500), about=cut(words, 300), postconditions=ANYTHING)


def unsourced(text: str, type_: TaskType) -> PlannedTask:
    """What a model knows, where there is nothing to search: the plan says so, and the result too."""
    return custom(text).model_copy(update={"type": type_, "postconditions": (*WRITTEN, PersonJudges())})


def gather(item: str) -> PlannedTask:
    """Optional: what is known of the others is worth having too."""
    task = work_on(WorkKind.GATHER, f"Gather what is known about {item}", item, [], ONE_SOURCE)
    return task.model_copy(update={"optional": True})


def search_task(way: str, topic: str, *, optional: bool) -> PlannedTask:
    where = "your documents" if way == DOCUMENTS_SEARCH else "the web"
    params: dict[str, JsonValue] = {"query": topic, "limit": RESULTS_OF_A_SEARCH}
    task = call_of(way, params, f"Search {where} for {topic}", TaskType.RESEARCH, ONE_SOURCE)
    return task.model_copy(update={"optional": optional})


def call_of(
    name: str,
    params: dict[str, JsonValue],
    description: str,
    type_: TaskType,
    postconditions: tuple[Postcondition, ...],
) -> PlannedTask:
    return PlannedTask(
        description=cut(description, LONGEST_DESCRIPTION),
        type=type_,
        tool=name,
        tool_params=params,
        postconditions=postconditions,
    )


def work_on(
    work: WorkKind,
    description: str,
    about: str,
    depends_on: Sequence[int],
    postconditions: tuple[Postcondition, ...],
    type_: TaskType | None = None,
) -> PlannedTask:
    analysis = (WorkKind.TABLE, WorkKind.CONCLUDE)
    return PlannedTask(
        description=cut(description, LONGEST_DESCRIPTION),
        type=type_ or (TaskType.ANALYZE if work in analysis else TaskType.RESEARCH),
        work=work,
        about=cut(about, 300),
        depends_on=tuple(depends_on),
        postconditions=postconditions,
    )


def cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1].rstrip()}…"
