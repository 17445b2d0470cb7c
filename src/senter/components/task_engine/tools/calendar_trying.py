"""Finds out what a place is that a person wants to connect as a calendar: by looking there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
from pydantic import JsonValue, SecretStr

from senter.component.isolated import Isolated
from senter.component.threads import in_thread
from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.tools.calendar_copies import NOT_YET
from senter.components.task_engine.tools.calendar_servers import ServerAccount, ServerCalendars
from senter.components.task_engine.tools.calendar_source import Calendar
from senter.components.task_engine.tools.calendar_subscribed import BEGINNING, WEBCAL, SubscribedCalendar, web_url
from senter.components.task_engine.tools.calendar_texts import CANNOT, CalendarSpan, CalendarTexts
from senter.components.task_engine.tools.calendars_of_settings import (
    CALDAV_CHILD,
    CALENDAR_CHILD,
    USUAL_NAME,
    file_calendar,
)
from senter.errors import InvalidInput, ToolError
from senter.messages.calendar import CalendarKind

LONGEST_NAME = 40
USUAL_MINUTES = 60
LOOK_SECONDS = 20.0
A_DAY = timedelta(days=1)
OWN_NAME = re.compile(rb"^X-WR-CALNAME[^:\r\n]*:(.+)$", re.MULTILINE)
PLACES = "Give a file or folder with its whole path, or an address: https://..."
SERVICES: Mapping[str, str] = {
    "google|gmail": "On calendar.google.com, in the settings of the calendar, under Integrate "
    "calendar, copy the secret address in iCal format, and give that.",
    "outlook|microsoft|office|hotmail": "In Outlook on the web, under Settings, Calendar, Shared calendars, publish "
    "the calendar, and give its ICS link.",
    "icloud|apple|iphone|ipad": "Make an app-specific password at account.apple.com, then give "
    "https://caldav.icloud.com and your mail address: senter calendar connect https://caldav.icloud.com --user ADDRESS",
    "nextcloud|owncloud": "Make an app password there, then give the address that you open in the browser: "
    "senter calendar connect https://ADDRESS --user NAME",
    "phone|android|handy": "Give the account that the phone shows: google, icloud, or the address of its server.",
}
"""How the calendar of a service that somebody names is to be had; by words of its name."""
HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:[:/].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WantedPlace:
    """Where a person says that a calendar is."""

    place: str = field(repr=False)
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TriedPlace:
    """What was found there."""

    kind: CalendarKind
    setting: Mapping[str, JsonValue] = field(repr=False)
    """What the settings are to say of it."""
    called: str
    """What it calls itself."""
    found: tuple[str, ...] = ()
    can_write: bool = True


async def tried(wanted: WantedPlace, call: ToolCall) -> TriedPlace:
    """Raises `InvalidInput` where there is no calendar, with what to do."""
    place = wanted.place
    if "://" not in place and not Path(place).is_absolute():
        user, at, host = place.rpartition("@")
        wanted = replace(wanted, user=wanted.user or place) if at and user else wanted
        place = _as_address(host)
    try:
        if "://" not in place:
            return await _file(Path(place), call)
        if place.lower().startswith(tuple(WEBCAL)) or not wanted.user:
            return await _address(place, call)
        return await _server(web_url(place), wanted, call)
    except ToolError as error:
        raise InvalidInput(_sentence(error.message.removeprefix(CANNOT)), error.hint) from error


def _sentence(said: str) -> str:
    """What begins with the name of a host or a file stays as it is."""
    is_word = said.partition(" ")[0].isalpha()
    return f"{said[:1].upper() if is_word else said[:1]}{said[1:].rstrip('.')}."


def free_name(wanted: str, taken: Collection[str]) -> str:
    """A name for the settings, from any words."""
    plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_NAME - 3].strip("-") or USUAL_NAME
    names = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in names if each not in taken)


def _as_address(place: str) -> str:
    """A host without its scheme is what people are often given."""
    if HOST.fullmatch(place):
        return f"https://{place}"
    how = next((how for names, how in SERVICES.items() if re.search(names, place, re.IGNORECASE)), PLACES)
    raise InvalidInput(f'Cannot find a calendar at "{place}".', how)


async def _file(path: Path, call: ToolCall) -> TriedPlace:
    await in_thread(_check_there, path)
    async with Isolated(CALENDAR_CHILD) as child:
        texts = CalendarTexts(child)
        calendar = file_calendar(path.stem, path, texts)
        await _check_reads(calendar, texts, call)
    return TriedPlace(calendar.kind, {"file": str(path)}, path.stem)


def _check_there(path: Path) -> None:
    if not path.exists():
        raise InvalidInput(f"There is no {path}.", "Give an .ics file, a folder of them, or an address.")
    if path.is_dir() and not any(path.glob("*.ics")):
        below = sorted({found.parent.name for found in path.glob("*/*.ics")})
        hint = f"Connect one of the folders in it: {', '.join(below)}" if below else ""
        raise InvalidInput(f"There is no .ics file in {path}.", hint)


async def _address(place: str, call: ToolCall) -> TriedPlace:
    """What is no text of a calendar may be a server that tells its calendars to everybody."""
    url = web_url(place)
    try:
        async with Isolated(CALENDAR_CHILD) as child:
            calendar, texts = SubscribedCalendar(USUAL_NAME, url, USUAL_MINUTES), CalendarTexts(child)
            try:
                text = await _check_reads(calendar, texts, call)
            finally:
                await calendar.close()
    except ToolError as error:
        is_webcal = place.lower().startswith(tuple(WEBCAL))
        if is_webcal and error.retryable:  # webcal was http at first, and of some places still is
            return await _address(f"http://{place.partition('://')[2]}", call)
        if is_webcal or error.retryable:
            raise
        return await _server_behind(url, error, call)
    named = OWN_NAME.search(text)
    called = named[1].decode(errors="replace").strip() if named else _host_name(url)
    return TriedPlace(CalendarKind.SUBSCRIPTION, {"address": place}, called, can_write=False)


async def _server_behind(url: str, refusal: ToolError, call: ToolCall) -> TriedPlace:
    """A server at an address that holds no text of a calendar; what names an .ics file fails as that."""
    try:
        return await _server(url, WantedPlace(url), call)
    except ToolError as error:
        is_file = url.partition("?")[0].lower().endswith(".ics")
        raise (refusal if is_file else error) from error


async def _server(url: str, wanted: WantedPlace, call: ToolCall) -> TriedPlace:
    account = ServerAccount(url=SecretStr(url), user=wanted.user, password=SecretStr(wanted.password))
    async with Isolated(CALDAV_CHILD) as child, Isolated(CALENDAR_CHILD) as reader:
        server = ServerCalendars(USUAL_NAME, account, child, CalendarTexts(reader), main=False)
        try:
            found = await server.calendars()
        except ToolError as error:
            if "asks for a user" not in error.message:
                raise
            hint = "Give them with: senter calendar connect ADDRESS --user NAME"
            raise InvalidInput(error.message.removeprefix(CANNOT), hint) from error
    said: dict[str, JsonValue] = {"user": wanted.user, "password": wanted.password}
    setting = {"caldav": url, **{name: text for name, text in said.items() if text}}
    names = tuple(one.name for one in found)
    called = names[0] if len(names) == 1 else _host_name(url)
    return TriedPlace(CalendarKind.CALDAV, setting, called, names, any(one.can_write for one in found))


async def _check_reads(calendar: Calendar, texts: CalendarTexts, call: ToolCall) -> bytes:
    """Its text. Raises `ToolError` where it is no calendar."""
    now = call.clock.now()
    span = CalendarSpan(now, now + A_DAY)
    contents = await calendar.contents(span, call, LOOK_SECONDS)
    if not contents.parts:
        is_late = contents.problem == NOT_YET
        late = f"nothing has answered there within {LOOK_SECONDS:.0f} s"
        raise ToolError(late if is_late else contents.problem, retryable=not contents.lasting)
    text = contents.parts[0].text
    if text.strip() and BEGINNING not in text.upper():
        raise ToolError("This is not a calendar: an .ics file begins with BEGIN:VCALENDAR.")
    await texts.events(text, span, ZoneInfo("UTC"))
    return text


def _host_name(url: str) -> str:
    """What a service is called, of its address: `google` of calendar.google.com."""
    parts = httpx2.URL(url).host.split(".")
    return parts[-2] if len(parts) > 1 and not parts[-1].isdigit() else USUAL_NAME
