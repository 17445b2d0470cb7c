"""The settings of everything, put together: the core's sections and those of every component."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, Secret

from senter.bus.settings import BusSettings
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.components.specs import all_specs, left_out
from senter.logs.settings import LogSettings
from senter.masking import remember
from senter.messages.message import ComponentName
from senter.paths import Paths
from senter.settings import Settings, load_document
from senter.settings.document import SettingsDocument, read_document
from senter.settings.secret import handed_over, known_values
from senter.settings.shared import taken
from senter.supervisor.settings import SupervisorSettings, UserSettings
from senter.terminal import zone

# Components borrow from it, and are restarted when it changes.
USER = "user"
CORE_SECTIONS: Mapping[str, type[BaseModel]] = {
    "supervisor": SupervisorSettings,
    "bus": BusSettings,
    "log": LogSettings,
    USER: UserSettings,
}


MOVED: Mapping[str, str] = {
    **dict.fromkeys(zone.FORMER_KEYS, zone.KEY),
    "assistant.user_name": "user.name",
    "scheduler.interests": "user.interests",
    "reporter.digest_hour": "reporter.digest_time",
}
"""Settings that have another key than in an earlier version; the first that is found of those with one new key counts.
Such a file still starts, and is told what to change."""


class UnreadSection(BaseModel):
    """Settings of a component that cannot be used: kept for the day it can, and not looked into. Nobody knows which of
    them are secrets, so all are."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)
    # Pydantic takes the type of what is not declared from here.
    __pydantic_extra__: dict[str, Secret[JsonValue]]  # pyright: ignore[reportIncompatibleVariableOverride]


def sections(specs: tuple[ComponentSpec, ...]) -> dict[str, type[BaseModel]]:
    """Every section of the settings file and what it may hold."""
    return {**CORE_SECTIONS, **{spec.settings_section: spec.settings for spec in specs}}


def known_sections() -> dict[str, type[BaseModel]]:
    """The sections of what is installed, with those of what cannot be used."""
    return {**{out.name: UnreadSection for out in left_out()}, **sections(all_specs())}


def read_settings(file: Path | SettingsDocument, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check one settings file, which need not exist. Raises `SettingsError`."""
    document = read_document(file) if isinstance(file, Path) else file
    return load_document(document, known_sections(), environment, MOVED)


def stamp_of(file: Path) -> int:
    """Changes when the file does; 0 where there is none."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


@dataclass(frozen=True)
class Configuration:
    """The settings as they were read, once."""

    specs: tuple[ComponentSpec, ...]
    settings: Settings
    stamp: int
    """Of the file as it was read."""

    @staticmethod
    def read(paths: Paths) -> Configuration:
        """Read and check everything. Raises `SettingsError`. What this process says from here on hides the secrets."""
        specs, stamp = all_specs(), stamp_of(paths.settings)
        settings = read_settings(paths.settings)
        remember(known_values(settings.sections))
        return Configuration(specs, settings, stamp)

    @property
    def supervisor(self) -> SupervisorSettings:
        return self.settings.section("supervisor", SupervisorSettings)

    @property
    def bus(self) -> BusSettings:
        return self.settings.section("bus", BusSettings)

    @property
    def log(self) -> LogSettings:
        return self.settings.section("log", LogSettings)

    def of(self, spec: ComponentSpec) -> ComponentSettings:
        return self.settings.section(spec.settings_section, spec.settings)

    def given(self, spec: ComponentSpec) -> dict[str, JsonValue]:
        """What was set for a component, in the form its process reads; nothing that is a default."""
        own = handed_over(self.of(spec))
        wanted = {
            name: keys
            for name, keys in spec.borrows.items()
            if name not in own and own.keys().isdisjoint(spec.keeps.get(name, ()))
        }
        wanted |= {name: (key,) for name, key in taken(spec.settings).items()}
        borrowed = {name: self._first_set(keys) for name, keys in wanted.items()}
        return {**{name: value for name, value in borrowed.items() if value is not None}, **own}

    def as_run(self, spec: ComponentSpec) -> ComponentSettings:
        """Its settings as its process has them, with what it takes from other sections."""
        return spec.settings.model_validate(self.given(spec))

    def core_sections_unlike(self, other: Configuration) -> list[str]:
        """The sections of the core that differ, which only the next daemon goes by."""
        mine, others = self.settings.sections, other.settings.sections
        return [name for name in CORE_SECTIONS if name != USER and mine[name] != others[name]]

    def _first_set(self, keys: tuple[str, ...]) -> JsonValue:
        """The first of those settings that is set; none where none is."""
        for key in keys:
            section, _, name = key.rpartition(".")
            found = self.settings.sections.get(section)
            if found is not None and name in found.model_fields_set:
                return handed_over(found)[name]
        return None

    def processes(self) -> dict[ComponentName, ComponentSpec]:
        """Every process by name, disabled ones too."""
        return {name: spec for spec in self.specs for name in spec.process_names(self.of(spec))}
