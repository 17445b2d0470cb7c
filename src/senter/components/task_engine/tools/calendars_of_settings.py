"""The calendars that the settings name, each with the child process it needs."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import unquote

from pydantic import SecretStr

from senter.component.isolated import Isolated
from senter.components.task_engine.settings import ConnectedCalendar, TaskEngineSettings
from senter.components.task_engine.tools.calendar_event import USUAL_NAME
from senter.components.task_engine.tools.calendar_files import ICS, FileCalendar, FolderCalendar
from senter.components.task_engine.tools.calendar_servers import PROVIDER, ServerAccount, ServerCalendars
from senter.components.task_engine.tools.calendar_source import Calendar
from senter.components.task_engine.tools.calendar_subscribed import SubscribedCalendar
from senter.components.task_engine.tools.calendar_texts import CalendarTexts
from senter.components.task_engine.tools.calendars import Calendars

CALENDAR_CHILD = "senter.components.task_engine.tools.children.calendar_child"
CALDAV_CHILD = "senter.components.task_engine.tools.children.caldav_child"


@asynccontextmanager
async def open_calendars(settings: TaskEngineSettings) -> AsyncGenerator[Calendars]:
    """All of them, the main one first. No child is started before it is needed."""
    async with AsyncExitStack() as stack:
        texts = CalendarTexts(await stack.enter_async_context(Isolated(CALENDAR_CHILD)))
        every = [await _main(settings, texts, stack)]
        for name, connected in settings.calendars.items():
            every.append(await _connected(name, connected, texts, stack))
        is_set = bool(settings.calendar_file or settings.caldav_url)
        calendars = Calendars(every, texts, settings.calendar_for_new, main_is_set=is_set)
        stack.push_async_callback(calendars.close)
        yield calendars


async def _main(settings: TaskEngineSettings, texts: CalendarTexts, stack: AsyncExitStack) -> Calendar:
    if not settings.caldav_url:
        name = settings.calendar_file.stem if settings.calendar_file else USUAL_NAME
        return file_calendar(name, settings.calendar_file, texts)
    url = SecretStr(settings.caldav_url.get_secret_value())
    account = ServerAccount(url=url, user=settings.caldav_user, password=settings.caldav_password)
    name = unquote(url.get_secret_value().rstrip("/").rpartition("/")[2]) or PROVIDER
    return ServerCalendars(name, account, await _child(stack), texts, main=True)


async def _connected(name: str, connected: ConnectedCalendar, texts: CalendarTexts, stack: AsyncExitStack) -> Calendar:
    if connected.address:
        return SubscribedCalendar(name, connected.address.get_secret_value(), connected.refresh_minutes)
    if connected.caldav:
        url = SecretStr(connected.caldav.get_secret_value())
        account = ServerAccount(url=url, user=connected.user, password=connected.password)
        return ServerCalendars(name, account, await _child(stack), texts, main=False)
    return file_calendar(name, connected.file, texts)


def file_calendar(name: str, path: Path | None, texts: CalendarTexts) -> Calendar:
    """Of a folder that is not there yet, the name tells that it is to be one."""
    if path is not None and (path.is_dir() or (path.suffix.lower() != ICS and not path.exists())):
        return FolderCalendar(name, path, texts)
    return FileCalendar(name, path, texts)


async def _child(stack: AsyncExitStack) -> Isolated:
    """One for each account: a server that is slow holds up its own."""
    return await stack.enter_async_context(Isolated(CALDAV_CHILD))
