"""Answers what is asked about the use of Senter, and changes the settings that are said. No model is asked.

What says who the user is and what the digest is like is changed at once, by the code of `senter config set`; for the
rest the command is named.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from senter import __version__
from senter.bus.bus import Bus
from senter.component.models import PRIMARY
from senter.components.assistant.inventory import Inventory
from senter.components.assistant.mine.places import shown_path
from senter.components.assistant.outcomes import sentence
from senter.components.assistant.senter_facts import SenterFacts
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.turn_outcome import TurnOutcome
from senter.components.assistant.use.described import command_for
from senter.components.assistant.use.said import SaidSetting, setting_said
from senter.components.assistant.use.table import UseQuestion, question_of, use_file
from senter.errors import SenterError
from senter.messages.control import ChangeSetting, GetSettings, SettingChanged, SettingView
from senter.messages.message import Command, ComponentName, Reply
from senter.messages.model import GetModelStatus
from senter.messages.schedule import ChangeJob
from senter.paths import Paths
from senter.sentences import languages, speaking, spoken

LOOK_SECONDS = 2.0
CHANGE_SECONDS = 10.0
OWN_CALENDAR = "calendar"
MOST_FEW_WORDS = 2

ReplyT = TypeVar("ReplyT", bound=Reply)


class UseAnswers:
    """One door for both."""

    def __init__(
        self,
        bus: Bus,
        inventory: Inventory,
        facts: SenterFacts,
        paths: Paths,
        settings: AssistantSettings,
        zone: ZoneInfo,
    ) -> None:
        self._bus = bus
        self._inventory = inventory
        self._facts = facts
        self._name = settings.user_name
        self._zone = zone
        self._looked_up: dict[str, Callable[[], Awaitable[str]]] = {
            "calendars": self._calendars,
            "folders": self._folders,
            "model": self._model,
            "name": lambda: self._setting("user.name", self._name),
            "zone": lambda: self._setting("user.timezone", self._zone.key),
            "interests": lambda: self._setting("user.interests"),
            "digest_time": lambda: self._setting("reporter.digest_time"),
        }
        self._known = {
            "home": shown_path(str(paths.home)),
            "data": shown_path(str(paths.data)),
            "settings": shown_path(str(paths.settings)),
            "version": __version__,
        }

    async def answer(self, text: str, *, was_asked: bool) -> TurnOutcome | None:
        """None for what is neither. Where something was asked back before it, few words may answer that."""
        if was_asked and len(text.split()) <= MOST_FEW_WORDS:
            return None
        for language in dict.fromkeys((spoken(), *languages())):
            with speaking(language):
                if told := await self._answer(text, was_asked=was_asked):
                    return told
        return None

    async def _answer(self, text: str, *, was_asked: bool) -> TurnOutcome | None:
        if not was_asked and (said := setting_said(text)):
            return TurnOutcome(text=await self._changed(said))
        question = question_of(text)
        if question and not (was_asked and question.asked.only):
            return await self._told(question)
        command = command_for(text)
        return TurnOutcome(text=command) if command else None

    async def taken_back(self, before: str) -> TurnOutcome | None:
        """What was said just before, where it changed a setting."""
        said = _said_in_any(before)
        if said is None or said.refusal:
            return None
        if said.is_of_job:
            other = "off" if said.value == "on" else "on"
            return TurnOutcome(text=await self._job(SaidSetting(said.key, other, told=self._says_of_job(other))))
        try:
            changed = await self._ask(ChangeSetting(key=said.key, back=True), CHANGE_SECONDS)
        except SenterError as error:
            return TurnOutcome(text=_cannot(error))
        says = use_file().says
        return TurnOutcome(text=says["back"].format(key=said.key, value=_shown(changed.after.value) or says["unset"]))

    async def _told(self, question: UseQuestion) -> TurnOutcome:
        asked = question.asked
        first = await self._facts.tell(asked.tell, "") if asked.tell else TurnOutcome(text="")
        answer = await self._filled(asked.answer, asked.without, question.path)
        below = await self._settings_shown(asked.shows)
        text = "\n\n".join(filter(None, (first.text, answer, below)))
        return TurnOutcome(text=text, sources=first.sources)

    async def _filled(self, answer: str, without: str, path: str) -> str:
        names = [name for name in (*self._known, *self._looked_up) if f"{{{name}}}" in answer]
        values = {name: await self._value(name) for name in names}
        if without and not all(values.values()):
            return await self._filled(without, "", path)
        for name, value in {**values, "path": path}.items():
            answer = answer.replace(f"{{{name}}}", value)
        return answer

    async def _value(self, name: str) -> str:
        return self._known[name] if name in self._known else await self._looked_up[name]()

    async def _calendars(self) -> str:
        snapshot = await self._inventory.now()
        return ", ".join(name for name in snapshot.calendars if name != OWN_CALENDAR)

    async def _folders(self) -> str:
        return ", ".join(map(shown_path, (await self._inventory.now()).folders))

    async def _model(self) -> str:
        try:
            status = await self._bus.request(GetModelStatus(), timeout_seconds=LOOK_SECONDS, to=ComponentName(PRIMARY))
        except SenterError:
            return ""
        return status.model

    async def _setting(self, key: str, otherwise: str = "") -> str:
        """As the file says now: a change is taken up by this process a little later."""
        return ", ".join(_shown(each.value) for each in await self._settings([key])) or otherwise

    async def _settings_shown(self, keys: list[str]) -> str:
        """What each is, and what it is for: as its own description says."""
        line = use_file().says["value"]
        views = await self._settings(keys) if keys else ()
        return "\n".join(
            line.format(key=each.key, value=json.dumps(each.value, ensure_ascii=False), meaning=each.meaning)
            for each in views
        )

    async def _settings(self, keys: list[str]) -> tuple[SettingView, ...]:
        try:
            return (await self._ask(GetSettings(keys=tuple(keys)), LOOK_SECONDS)).settings
        except SenterError:
            return ()

    async def _changed(self, said: SaidSetting) -> str:
        if said.refusal:
            return said.refusal
        if said.is_of_job:
            return await self._job(said)
        try:
            changed = await self._ask(ChangeSetting(key=said.key, value=said.value), CHANGE_SECONDS)
        except SenterError as error:
            return _cannot(error)
        return " ".join((said.told, _way_back(changed)))

    async def _job(self, said: SaidSetting) -> str:
        """Pause or resume the job of the daily digest."""
        action = "resume" if said.value == "on" else "pause"
        try:
            await self._ask(ChangeJob(job=said.key, action=action), CHANGE_SECONDS)
        except SenterError as error:
            return _cannot(error)
        return said.told

    def _says_of_job(self, kind: str) -> str:
        return next(one.said for one in use_file().said if one.kind == kind)

    async def _ask(self, command: Command[ReplyT], seconds: float) -> ReplyT:
        return await self._bus.request(command, timeout_seconds=seconds)


def _said_in_any(text: str) -> SaidSetting | None:
    """What is taken back may have been said in another language."""
    for language in languages():
        with speaking(language):
            if said := setting_said(text):
                return said
    return None


def _way_back(changed: SettingChanged) -> str:
    before, after, says = changed.before, changed.after, use_file().says
    if before.value == after.value:
        return says["same"]
    command = f"senter config unset {before.key}"
    if before.is_set:
        command = f"senter config set {before.key} {_shown(before.value)}"
    return says["undo"].format(command=command)


def _shown(value: JsonValue) -> str:
    """As it is typed after a key."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _cannot(error: SenterError) -> str:
    why = " ".join(filter(None, (sentence(error.message), error.hint)))
    return use_file().says["cannot"].format(why=why)
