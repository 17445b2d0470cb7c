"""An order for the files of a folder: by kind, decided by their names' endings, or by when they were changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from senter.components.task_engine.contract.tool import ToolResult
from senter.components.task_engine.contract.unfinished import unfinished
from senter.errors import ToolError

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


class By(StrEnum):
    """What decides where a file goes."""

    KIND = "kind"
    MONTH = "month"
    YEAR = "year"


class Order(BaseModel):
    """The folders to make in a folder, each with the names of the files that are to go there."""

    model_config = ConfigDict(frozen=True)

    folder: str
    into: dict[str, list[str]]
    by: By = By.KIND
    unlisted: int = 0
    """Entries of the folder that were not looked at, because there are too many."""
    set_aside: list[str] = []
    """Files that stay where they are, because their names do not fit on one line; escaped."""
    left: list[str] = []
    """Files that stay where they are, because they are links or downloads that are not finished."""


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    is_folder: bool = False
    is_link: bool = False
    modified_at: datetime | None = None


class _Listing(BaseModel):
    """What file_list found, as far as an order needs it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    entries: list[_Listed]
    left_out: list[_Listed] = []
    more: int = 0


def propose(folder: str, listing: Mapping[str, JsonValue], by: By = By.KIND) -> Order:
    """Where each file would go. Folders, hidden files, links and downloads that are not finished stay where they are,
    and so do files that belong together.

    Raises `ToolError` for what is no listing.
    """
    try:
        found = _Listing.model_validate(listing)
    except ValidationError as error:
        raise ToolError("No list of the folder's files is there, so no order for them can be proposed.") from error
    begun = unfinished({entry.name for entry in found.entries})
    movable = {
        entry.name: entry
        for entry in found.entries
        if _is_plain_file(entry) and PurePath(entry.name).name == entry.name
    }
    left = sorted(name for name, entry in movable.items() if entry.is_link or name in begun)
    places = {name: _place(entry, by) for name, entry in movable.items() if name not in left}
    into: dict[str, list[str]] = {place: [] for place in sorted(set(places.values()))}
    for name in sorted(places):
        into[places[name]].append(name)
    set_aside = [entry.name for entry in found.left_out if _is_plain_file(entry)]
    into = into if len(into) > 1 else {}
    return Order(folder=folder, into=into, by=by, unlisted=found.more, set_aside=set_aside, left=left)


def as_data(order: Order) -> dict[str, JsonValue]:
    return {"order": order.model_dump(mode="json")}


def order_in(data: Mapping[str, JsonValue]) -> Order | None:
    """The order that a proposal left; none where it left none."""
    try:
        return Order.model_validate(data.get("order"))
    except ValidationError:
        return None


def proposal_text(order: Order) -> str:
    return "\n".join([*_proposal_lines(order), *_left_lines(order)])


def moved_output(order: Order, sorted_: ToolResult | None) -> tuple[str, dict[str, JsonValue]]:
    """What a move is told as, with the files that nobody tried to move among those that stayed."""
    done = sorted_ or ToolResult(text="Nothing had to be moved.", data={"moved": 0})
    tried = done.data.get("stayed")
    stayed = (tried if isinstance(tried, int) else 0) + len(order.set_aside)
    text = "\n".join([done.text, *_left_lines(order)])
    left = done.data.get("left")
    return text, {
        **done.data,
        "stayed": stayed,
        "left": [*order.left, *(left if isinstance(left, list) else [])],
        "set_aside": [*order.set_aside],
        "unlisted": order.unlisted,
    }


def _proposal_lines(order: Order) -> Iterator[str]:
    if not order.into:
        yield f"{order.folder} needs no new order: its files are of one {order.by}, or there are none."
        return
    count = sum(map(len, order.into.values()))
    yield f"{count} files of {order.folder} go into {len(order.into)} folders by {order.by}:\n"
    for kind, names in order.into.items():
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        yield f"- {kind} ({len(names)}): {', '.join(names[:5])}{more}"


def _left_lines(order: Order) -> Iterator[str]:
    why = "Left where they are, because"
    if order.left:
        yield f"\n{why} they are links or downloads that are not finished: {', '.join(order.left)}"
    if order.set_aside:
        yield f"\n{why} their names do not fit on one line: {', '.join(order.set_aside)}"
    if order.unlisted:
        yield f"\n{order.unlisted} more entries were not looked at; ask again for them."


def _is_plain_file(entry: _Listed) -> bool:
    return not entry.is_folder and not entry.name.startswith(".")


def _place(entry: _Listed, by: By) -> str:
    if by is By.KIND:
        return KIND_BY_ENDING.get(PurePath(entry.name).suffix.lower().lstrip("."), OTHER)
    return f"{entry.modified_at:{'%Y-%m' if by is By.MONTH else '%Y'}}" if entry.modified_at else OTHER
