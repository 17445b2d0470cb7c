"""What a person types to the questions of `senter setup`, read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from senter.errors import InvalidInput
from senter.moments.zones_of_places import zone_of_place

_OPENING = re.compile(r"^(?:i am|i'm|my name is|name|call me|ich bin|ich heiße)\b:?\s*", re.IGNORECASE)
_PLACE = re.compile(r"\s+(?:in|from|living in|aus)\s+", re.IGNORECASE)
_LIKES = re.compile(
    r"(?:[\s,]|^)(?:and\s+)?(?:i\s+)?(?:am\s+)?(?:likes?|interested in|interests?|into|mag|interessiert an)\b:?\s+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*,\s*|\s+(?:and|und)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AboutPerson:
    """What was said; empty where nothing was."""

    name: str = ""
    timezone: str = ""
    interests: tuple[str, ...] = ()


def read_about(text: str) -> AboutPerson:
    """`Anna, Berlin`, or `I am Anna from Berlin, interested in bread`. Raises `InvalidInput` for an unknown place."""
    said, *liked = _LIKES.split(text.strip(), maxsplit=1)
    parts = [part for part in re.split(r"[ .]*,[ .]*", _PLACE.sub(", ", _OPENING.sub("", said)).strip(" ,.")) if part]
    interests = read_list("".join(liked))
    if len(parts) == 1 and (alone := zone_of_place(parts[0])):
        return AboutPerson(timezone=alone, interests=interests)
    name, place, *more = [*parts, "", ""]
    return AboutPerson(name, read_zone(place) if place else "", (*filter(None, more), *interests))


def read_zone(place: str) -> str:
    """The zone of a city or the name of a zone. Raises `InvalidInput`."""
    if found := zone_of_place(place):
        return found
    raise InvalidInput(
        f"The time zone of {place!r} is not known.", "Name a large city near it, or a zone such as Europe/Berlin."
    )


def read_list(text: str) -> tuple[str, ...]:
    """The parts of `bread, cats and trains`."""
    return tuple(part for part in (one.strip(" .") for one in _BETWEEN.split(text)) if part)


def read_folders(text: str, proposed: Sequence[Path]) -> tuple[Path, ...]:
    """Folders by path or by the number of a proposal, set apart by commas. Raises `InvalidInput` for what is none."""
    return tuple(dict.fromkeys(read_folder(part.strip(), proposed) for part in text.split(",") if part.strip()))


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
    """The proposal with that number."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    return proposed[number - 1] if 1 <= number <= len(proposed) else None
