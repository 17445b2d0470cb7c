"""Settings that are said: `call me Rob`, `send the digest at 6`. Pure: which setting, and the value as it is typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from senter.components.assistant.reckoning.wording import zone_at
from senter.components.assistant.use.table import LONGEST, SaidFile, UseFile, folded, use_file
from senter.sentences import speaking, spoken

DIGEST_JOB = "daily_digest"
MOST_NAMES = 3
_NAME = re.compile(r"[^\W\d_]+(?:[-'. ][^\W\d_]+)*\.?")


@dataclass(frozen=True, slots=True)
class SaidSetting:
    """A setting and what it is to be. What cannot be is said by `refusal`."""

    key: str
    value: str = ""
    shown: str = ""
    """The value as it is told."""
    told: str = ""
    refusal: str = ""

    @property
    def is_of_job(self) -> bool:
        """Whether it is the job of the digest that is paused or resumed, and no setting."""
        return self.key == DIGEST_JOB


def setting_said(text: str) -> SaidSetting | None:
    """The setting that a text says, as a whole; none where it says something else, or may."""
    if len(text) > LONGEST or "\n" in text.strip():
        return None
    file, said = use_file(), _bare(text)
    for one, pattern in _patterns(spoken()):
        if (found := pattern.fullmatch(said)) and (read := _read(file, one, found["value"].strip(" ,.\"'"))):
            return read
    return None


def _read(file: UseFile, one: SaidFile, value: str) -> SaidSetting | None:
    match one.kind:
        case "name":
            return _name(file, one, value)
        case "zone" | "place":
            return _zone(file, one, value)
        case "language":
            return _language(file, one, value)
        case "time":
            return _time(file, one, value)
        case "list":
            parts = [part for part in re.split(r"\s*,\s*|\s+(?:and|und)\s+", value) if part]
            return _said(one, ",".join(parts), ", ".join(parts))
        case "on" | "off":
            return SaidSetting(one.key, one.kind, one.kind, one.said)
        case _:
            typed = file.values.get(value.casefold())
            return _said(one, typed, file.shown.get(typed, typed)) if typed else None


def _said(one: SaidFile, value: str, shown: str) -> SaidSetting:
    return SaidSetting(one.key, value, shown, one.said.format(value=shown))


def _name(file: UseFile, one: SaidFile, value: str) -> SaidSetting | None:
    words = value.split()
    is_name = _NAME.fullmatch(value) and len(words) <= MOST_NAMES
    if not is_name or _no_names(spoken()).intersection(map(folded, words)):
        return None
    name = value if value != value.lower() else value.title()
    return _said(one, name, name)


@cache
def _no_names(language: str) -> frozenset[str]:
    with speaking(language):
        return frozenset(folded(use_file().around["no_name"]).split())


def _zone(file: UseFile, one: SaidFile, value: str) -> SaidSetting | None:
    place = re.sub(r"^(?:the|der|die|das) ", "", value)
    if zone := zone_at(place):
        return _said(one, zone, zone)
    return SaidSetting(one.key, refusal=file.says["no_zone"].format(value=value)) if one.kind == "zone" else None


def _language(file: UseFile, one: SaidFile, value: str) -> SaidSetting | None:
    """Of a language that Senter lacks that is said; another word is none."""
    if typed := file.values.get(value.casefold()):
        return _said(one, typed, file.shown.get(typed, typed)) if typed in ("de", "en") else None
    is_language = folded(value) in file.around["other_languages"].split()
    return SaidSetting(one.key, refusal=one.unknown) if is_language else None


def _time(file: UseFile, one: SaidFile, value: str) -> SaidSetting | None:
    """An hour alone is one of the morning."""
    found = re.fullmatch(file.around["time"], value.casefold())
    if not found:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if (found["half"] or "") in _afternoon(spoken()) and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        return SaidSetting(one.key, refusal=file.says["no_time"].format(value=value))
    clock = f"{hour:02}:{minute:02}"
    return _said(one, clock, clock)


@cache
def _afternoon(language: str) -> frozenset[str]:
    with speaking(language):
        return frozenset(use_file().around["afternoon"].split(", "))


@cache
def _patterns(language: str) -> tuple[tuple[SaidFile, re.Pattern[str]], ...]:
    with speaking(language):
        file = use_file()
    return tuple((one, re.compile(pattern, re.IGNORECASE)) for one in file.said for pattern in one.patterns)


def _bare(text: str) -> str:
    """Without what may stand around it; letters as they were written."""
    around = use_file().around
    plain = " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()).rstrip(" ?!.")
    found = re.fullmatch(f"{around['before']}(?P<rest>.+?){around['after']}", plain, re.IGNORECASE)
    return found["rest"].strip(" ,:") if found else plain
