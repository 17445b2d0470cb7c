"""What `senter setup` does with the answers, and what it says of that in the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from senter.cli.changing import change_settings
from senter.cli.setup_answers import AboutPerson
from senter.cli.setup_guessing import (
    FoundFolder,
    found_calendars,
    found_folders,
    guessed_language,
    guessed_name,
    guessed_zone,
)
from senter.client.types import FoldersReply, Models
from senter.errors import SenterError
from senter.files import make_mark
from senter.paths import Paths
from senter.terminal import output
from senter.terminal.connecting import connect

if TYPE_CHECKING:
    from pydantic import JsonValue

LANGUAGES = {"en": "English", "de": "German"}
PRIMARY = "model_primary"
MOST_PROPOSED = 9


class SetupSteps:
    """Takes each answer up at once, and remembers which were given."""

    def __init__(self, paths: Paths, *, is_quiet: bool) -> None:
        self._paths = paths
        self._is_quiet = is_quiet
        self._folders: list[str] = []
        self._calendar = ""
        self._done: list[str] = []

    def proposed_person(self) -> tuple[str, str]:
        """The name and the zone that are set, else what the machine says."""
        return self._set_to("name") or guessed_name(), self._set_to("timezone") or guessed_zone()

    def set_person(self, person: AboutPerson, *, guess: bool) -> None:
        """Write what was said of the person; where `guess`, what was not said as the machine has it."""
        name, zone = self.proposed_person() if guess else ("", "")
        values: dict[str, JsonValue] = {
            "user.name": person.name or name,
            "user.timezone": person.timezone or zone,
            "user.language": person.language or (guess and (self._set_to("language") or guessed_language())) or "",
            "user.interests": [*person.interests],
        }
        change_settings(self._paths, {key: value for key, value in values.items() if value})
        self._done.append("your name and time zone")
        self._say(self._about(self._user()))

    def proposed_folders(self) -> list[FoundFolder]:
        """Folders with papers that are not read yet."""
        known = {folder["path"] for folder in connect().get("/api/documents", FoldersReply)["folders"]}
        return [folder for folder in found_folders(Path.home()) if str(folder.path) not in known]

    def add_folders(self, folders: tuple[Path, ...]) -> None:
        """Have them indexed from now on."""
        for folder in folders:
            connect().post("/api/documents", FoldersReply, path=str(folder.resolve()))
            self._folders.append(str(folder.resolve()))
        if folders:
            self._done.append("your folders")
            self._say(f"Being read: {output.one_line(', '.join(self._folders))}")

    def proposed_calendars(self) -> list[Path]:
        """Calendar files that lie around and are not connected yet."""
        connected = self._connected_files()
        return [path for path in found_calendars(Path.home()) if str(path) not in connected][:MOST_PROPOSED]

    def _connected_files(self) -> set[str]:
        known = self._section("task_engine")
        named = known["calendars"]
        rows = named.values() if isinstance(named, dict) else ()
        return {str(known["calendar_file"]), *(str(row.get("file")) for row in rows if isinstance(row, dict))}

    def connect(self, place: str, user: str = "", password: str = "") -> None:
        """Connect a calendar. Raises `SenterError` where there is none."""
        from senter.components.task_engine.commands.calendar_connecting import connect_calendar

        self._calendar = connect_calendar(place, user=user, password=password)
        self._done.append("your calendar")
        self._say(self._calendar)

    def kept(self) -> str:
        """Which answers stand when it is broken off."""
        return f"Kept: {', '.join(self._done)}." if self._done else "Nothing was set."

    def finish(self, *, as_json: bool) -> None:
        """Say what is set, where, which model answers, and how each is changed. Nobody is offered the setup again."""
        self._paths.make_folders()
        make_mark(self._paths.setup_offered)
        user, (model, is_lesser) = self._user(), _model()
        if as_json:
            answer = {
                "user": user,
                "folders": self._folders,
                "calendar": self._calendar or None,
                "model": model or None,
            }
            output.print_json({**answer, "settings": str(self._paths.settings)})
            return
        output.say(f"Answers come from {output.one_line(model)}." if model else "No model answers yet.")
        output.say(_better(model, is_lesser=is_lesser))
        output.say("Change it: senter setup, or one setting: senter config set user.name NAME")
        output.say(f"The settings are in {output.one_line(str(self._paths.settings))}")

    def _about(self, user: Mapping[str, JsonValue]) -> str:
        language = LANGUAGES.get(str(user["language"]), "as you write")
        interests = user["interests"]
        liked = f"; interests: {', '.join(map(str, interests))}" if isinstance(interests, list) and interests else ""
        zone = user["timezone"] or f"{guessed_zone()}, the machine's"
        return output.printable(f"Name: {user['name'] or '-'}; time zone: {zone}; language: {language}{liked}.")

    def _user(self) -> dict[str, JsonValue]:
        return self._section("user")

    def _section(self, name: str) -> dict[str, JsonValue]:
        from senter.settings.secret import shown
        from senter.supervisor.configuration import Configuration

        return shown(Configuration.read(self._paths).settings.sections[name])

    def _set_to(self, name: str) -> str:
        return str(self._user()[name])

    def _say(self, sentence: str) -> None:
        if not self._is_quiet:
            output.say(sentence)


def _better(model: str, *, is_lesser: bool) -> str:
    """How a better model is to be had."""
    from senter.weights.catalogue import BRAIN, FLOOR

    if is_lesser:
        return "A better one is being fetched."
    if model.lower().startswith(FLOOR):
        return f"It is small and often wrong. For a better one: senter models use {BRAIN}"
    return "For a better one, here or on a server: senter models list"


def _model() -> tuple[str, bool]:
    """The model that answers people, empty where none is known of, and whether a better one is to come."""
    try:
        found = connect().get("/api/models", Models)
    except SenterError:
        return "", False
    return next(
        ((row["model"], bool(row["lesser"])) for row in found["models"] if row["worker"] == PRIMARY), ("", False)
    )
