"""Senter's own tools, in one list. Third parties add theirs by the entry-point group `senter.tools`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from pydantic import BaseModel

from senter.component.isolated import Isolated
from senter.component.readable import Reader
from senter.components.task_engine.contract.tool import Tool
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.calendar_changing import CalendarChange, CalendarRemove, CalendarRestore
from senter.components.task_engine.tools.calendar_tools import CalendarAdd, CalendarCheck
from senter.components.task_engine.tools.calendars import Calendars
from senter.components.task_engine.tools.documents_search import DocumentsSearch
from senter.components.task_engine.tools.drafts import EmailDraft, MessageDraft, Note
from senter.components.task_engine.tools.file_copy import FileCopy
from senter.components.task_engine.tools.file_list import FileList
from senter.components.task_engine.tools.file_move import FileMove
from senter.components.task_engine.tools.file_read import FileRead
from senter.components.task_engine.tools.file_sort import FileSort
from senter.components.task_engine.tools.file_trash import FileTrash, TrashList, TrashRestore
from senter.components.task_engine.tools.file_unsort import FileUnsort
from senter.components.task_engine.tools.file_write import FileWrite
from senter.components.task_engine.tools.goal_change import GoalChange
from senter.components.task_engine.tools.job_changing import JobChange, JobRestore, ReminderChange
from senter.components.task_engine.tools.make_folder import MakeFolder
from senter.components.task_engine.tools.remind import Remind
from senter.components.task_engine.tools.run_command import RepeatCommand, RunOnce
from senter.components.task_engine.tools.schedule_add import ScheduleAdd
from senter.components.task_engine.tools.search_providers import DuckDuckGo, OwnDocuments, Provider, SearxNg
from senter.components.task_engine.tools.things_find import ThingsFind
from senter.components.task_engine.tools.web_fetch import WebFetch
from senter.components.task_engine.tools.web_search import WebSearch

DDGS_CHILD = "senter.components.task_engine.tools.children.ddgs_child"


@dataclass(frozen=True, slots=True)
class Children:
    """The children that tools share, and the calendars with theirs. None is started before it is needed."""

    reader: Reader
    calendars: Calendars
    ddgs: Isolated


def built_in(settings: TaskEngineSettings, children: Children) -> tuple[Tool[BaseModel], ...]:
    calendars, timezone = children.calendars, settings.timezone
    documents = OwnDocuments()
    tools = (
        CalendarAdd(calendars, timezone),
        CalendarChange(calendars, timezone),
        CalendarCheck(calendars, timezone),
        CalendarRemove(calendars, timezone),
        CalendarRestore(calendars, timezone),
        DocumentsSearch(documents),
        EmailDraft(),
        FileCopy(),
        FileList(),
        FileMove(),
        FileRead(children.reader),
        FileSort(),
        FileTrash(),
        FileUnsort(),
        FileWrite(),
        GoalChange(timezone),
        JobChange(timezone),
        JobRestore(timezone),
        MakeFolder(),
        MessageDraft(),
        Note(),
        Remind(timezone),
        ReminderChange(timezone),
        RepeatCommand(settings.repeatable_commands),
        RunOnce(),
        ScheduleAdd(timezone),
        ThingsFind(),
        TrashList(),
        TrashRestore(),
        WebFetch(children.reader),
        WebSearch(_web(settings, children), documents, settings.search_results),
    )
    return tuple(cast("Tool[BaseModel]", tool) for tool in tools)


def _web(settings: TaskEngineSettings, children: Children) -> tuple[Provider, ...]:
    """In the order in which they are asked."""
    searxng = (SearxNg(settings.searxng_url.get_secret_value()),) if settings.searxng_url else ()
    return (*searxng, DuckDuckGo(children.ddgs)) if settings.ddgs else searxng
