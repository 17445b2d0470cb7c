"""What a person types to the questions of `senter setup`, read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from senter.errors import InvalidInput
from senter.moments.zones_of_places import near_zone, zone_of_place

_OPENING = re.compile(
    r"^(?:(?:hi|hello|hey|hallo)\b[ ,!.]*)?"
    r"(?:i am|i['’]m|my name is|name|call me|ich bin|ich heiße|mein name ist)\b:?\s*",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:^|[\s,]+)(?:(?:and|und)\s+)?(?:(?:i|ich)\s+)?"
    r"(?:(?:am|bin|live|living|based|come|komme|wohne|lebe)\s+)*(?:in|from|near|aus|bei)\s+",
    re.IGNORECASE,
)
_LIKES = re.compile(
    r"(?:[\s,]|^)(?:(?:and|und)\s+)?(?:(?:i|ich)\s+)?(?:(?:am|bin)\s+)?"
    r"(?:likes?|loves?|interested in|interests?|into|mag|interessiert an|interessiere mich für)\b:?\s+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*,\s*|\s+(?:and|und)\s+", re.IGNORECASE)
_BETWEEN_NUMBERS = re.compile(r"[\s,]+(?:(?:and|und)\s+)?", re.IGNORECASE)
_ALL = frozenset(("all", "both", "alle", "beide"))
_SETS_APART = re.compile(r"[ .]*(?:[,;]|\s/\s)[ .]*")
_NOTHING = re.compile("-|n|no|none|nope|nothing|skip|later|nein|nichts|keine[rn]?|später", re.IGNORECASE)
_FIRST_NAMES = re.compile(
    "alexandria|austin|charlotte|florence|hagen|hamilton|israel|kobe|madison|montana|orlando|salvador|valencia"
    "|victoria|virginia",
    re.IGNORECASE,
)
"""Of people as well as of places: alone they are a name."""
_LANGUAGES = {"en": "en", "english": "en", "englisch": "en", "de": "de", "german": "de", "deutsch": "de"}


@dataclass(frozen=True, slots=True)
class AboutPerson:
    """What was said; empty where nothing was."""

    name: str = ""
    timezone: str = ""
    interests: tuple[str, ...] = ()
    language: str = ""


def is_nothing(text: str) -> bool:
    """Whether a question is skipped in a word."""
    return bool(_NOTHING.fullmatch(text.strip(" .!")))


def read_about(text: str) -> AboutPerson:
    """`Anna, Berlin`, or `I am Anna from Berlin, interested in bread`.

    Raises `InvalidInput` for an unknown place, and for a name without a letter.
    """
    said, *liked = _LIKES.split(text.strip(), maxsplit=1)
    parts = _parts(_PLACE.sub(", ", _OPENING.sub("", said)).strip(" ,.;"))
    interests = read_list("".join(liked))
    if len(parts) == 1:
        parts = _name_and_place(parts[0])
    name, place, *more = [*parts, "", ""]
    topics = [one for one in more if one and one.casefold() not in _LANGUAGES]
    language = next((_LANGUAGES[one.casefold()] for one in more if one.casefold() in _LANGUAGES), "")
    zone = (zone_of_place(place) or _zone_of_wider(topics) or read_zone(place)) if place else ""
    liked_ones = (*(one for one in topics if not zone_of_place(one)), *interests)
    return AboutPerson(read_name(name), zone, liked_ones, language)


def _parts(text: str) -> list[str]:
    return [part for part in _SETS_APART.split(text) if part]


def _name_and_place(said: str) -> list[str]:
    """A place alone, or `Anna New York` without its comma. Other towns at the end are taken for family names."""
    if zone_of_place(said) and not _FIRST_NAMES.fullmatch(said):
        return ["", said]
    words = said.split()
    begin = next((number for number in range(1, len(words)) if _gives_a_zone_its_name(words[number:])), len(words))
    return [" ".join(words[:begin]), " ".join(words[begin:])]


def _gives_a_zone_its_name(words: Sequence[str]) -> bool:
    zone = zone_of_place(" ".join(words)) or ""
    return zone.rpartition("/")[2].casefold() == "_".join(words).casefold()


def _zone_of_wider(parts: Sequence[str]) -> str | None:
    """Of the state or country behind a town that is not known: `Anna, Springfield, Illinois`."""
    return zone_of_place(parts[0]) if parts else None


def read_name(text: str) -> str:
    """What somebody is called. Raises `InvalidInput` for what has no letter."""
    if text and not any(letter.isalpha() for letter in text):
        raise InvalidInput(f"Cannot read {text!r} as a name.", "Say it like: Anna, Berlin. Enter skips it.")
    return text


def read_language(text: str) -> str:
    """`de`, `German` or `Deutsch`. Raises `InvalidInput`."""
    if found := _LANGUAGES.get(text.casefold()):
        return found
    raise InvalidInput(f"Senter does not answer in {text!r}.", "It speaks en (English) and de (German).")


def read_zone(place: str) -> str:
    """The zone of a city or the name of a zone. Raises `InvalidInput`."""
    if found := zone_of_place(place):
        return found
    near = near_zone(place)
    guess = f"Did you mean {near}? " if near else ""
    raise InvalidInput(
        f"The time zone of {place!r} is not known.",
        f"{guess}Name a large city near it, or a zone such as Europe/Berlin.",
    )


def read_list(text: str) -> tuple[str, ...]:
    """The parts of `bread, cats and trains`."""
    return tuple(part for part in (one.strip(" .") for one in _BETWEEN.split(text)) if part)


def read_folders(text: str, proposed: Sequence[Path]) -> tuple[Path, ...]:
    """Folders by path, or by the number or name of a proposal, set apart by commas, numbers by spaces, too; or all.

    Raises `InvalidInput` for what is no folder.
    """
    if text.strip().casefold() in _ALL:
        return tuple(proposed)
    words = _BETWEEN_NUMBERS.split(text.strip())
    parts = words if all(word.isdigit() for word in words) else text.split(",")
    return tuple(dict.fromkeys(read_folder(part.strip(), proposed) for part in parts if part.strip()))


def read_folder(text: str, proposed: Sequence[Path]) -> Path:
    """One of them."""
    chosen = chosen_of(text, proposed)
    try:
        folder = chosen or Path(text.strip("'\"")).expanduser().absolute()
    except RuntimeError:
        folder = Path(text)
    if not folder.is_dir():
        raise InvalidInput(f"There is no folder {text}.", "Name one that exists, such as ~/Documents.")
    return folder


def chosen_of(text: str, proposed: Sequence[Path]) -> Path | None:
    """The proposal with that number, or that name."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    named = next((one for one in proposed if one.name.casefold() == text.casefold()), None)
    return proposed[number - 1] if 1 <= number <= len(proposed) else named
