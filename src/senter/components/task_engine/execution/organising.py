"""An order for the files of a folder: by kind, decided by their names' endings. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

MOST_MOVES = 200
OTHER = "Other"

_ENDINGS = {
    "Archives": "zip tar gz bz2 xz 7z rar tgz zst iso dmg",
    "Audio": "mp3 wav flac ogg m4a aac opus wma",
    "Books": "epub mobi azw3 djvu",
    "Calendars and mail": "ics eml mbox vcf msg",
    "Code": "py js ts java c h cpp hpp rs go rb php sh sql html css json xml yaml yml toml ipynb",
    "Documents": "pdf doc docx odt rtf txt md tex pages",
    "Images": "jpg jpeg png gif webp svg bmp tif tiff heic raw psd",
    "Installers": "deb rpm exe msi apk appimage pkg jar",
    "Presentations": "ppt pptx odp key",
    "Tables": "xls xlsx ods csv tsv numbers parquet",
    "Video": "mp4 mkv avi mov webm m4v wmv",
}
KIND_BY_ENDING = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split()}


class Move(BaseModel):
    """One file and where it is to go, absolute."""

    model_config = ConfigDict(frozen=True)

    source: str
    target: str


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    is_folder: bool = False


_LISTING = TypeAdapter(list[_Listed])
_MOVES = TypeAdapter(list[Move])


def propose(folder: str, entries: JsonValue) -> list[Move]:
    """Where each file would go. Folders and hidden files stay where they are, and so does what has one kind only."""
    files = [entry.name for entry in _listed(entries) if _movable(entry)]
    if len({_kind(name) for name in files}) < 2:
        return []
    root = PurePath(folder)
    return [Move(source=str(root / name), target=str(root / _kind(name) / name)) for name in sorted(files)[:MOST_MOVES]]


def as_data(moves: Sequence[Move]) -> dict[str, JsonValue]:
    return {"moves": [move.model_dump() for move in moves]}


def moves_in(data: Mapping[str, JsonValue]) -> list[Move]:
    """The moves that a proposal left; none where it left none."""
    try:
        return _MOVES.validate_python(data.get("moves", []))
    except ValidationError:
        return []


def proposal_text(folder: str, moves: Sequence[Move]) -> str:
    if not moves:
        return f"{folder} needs no new order: its files are of one kind, or there are none."
    return "\n".join(_proposal_lines(folder, moves))


def _proposal_lines(folder: str, moves: Sequence[Move]) -> Iterator[str]:
    counts = Counter(PurePath(move.target).parent.name for move in moves)
    yield f"{len(moves)} files of {folder} go into {len(counts)} folders by kind:"
    yield ""
    for kind, count in sorted(counts.items()):
        names = [PurePath(move.source).name for move in moves if PurePath(move.target).parent.name == kind]
        more = f" and {count - 5} more" if count > 5 else ""
        yield f"- {kind} ({count}): {', '.join(names[:5])}{more}"


def _listed(entries: JsonValue) -> list[_Listed]:
    try:
        return _LISTING.validate_python(entries)
    except ValidationError:
        return []


def _movable(entry: _Listed) -> bool:
    return not entry.is_folder and not entry.name.startswith(".") and PurePath(entry.name).name == entry.name


def _kind(name: str) -> str:
    return KIND_BY_ENDING.get(PurePath(name).suffix.lower().lstrip("."), OTHER)
