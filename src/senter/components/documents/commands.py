"""`senter documents`: which folders are indexed, so that goals can search them."""

from __future__ import annotations

from pathlib import Path

import click

from senter.client import Client
from senter.client.types import Folder, FoldersReply
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.groups import ListGroup

KIB, MIB = 1_024, 1_048_576

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group(cls=ListGroup, epilog="Examples: senter documents add ~/papers, senter documents")
def documents() -> None:
    """Name the folders that goals may read and search."""


@documents.command("list", epilog="Examples: senter documents list, senter documents list --skipped")
@click.option("--skipped", is_flag=True, help="Name the files that are not indexed, at most 100, and say why.")
@json_option
def list_(skipped: bool, as_json: bool) -> None:
    """List the folders."""
    found = Client(from_environment()).get("/api/documents", FoldersReply)
    if as_json:
        output.print_json(found)
    elif skipped:
        _say_skipped(found)
    elif found["folders"]:
        output.print_table(("Folder", "Files", "Skipped", "Size", "Indexed"), map(_row, found["folders"]))
    else:
        output.say("No folders are indexed. Add one with: senter documents add FOLDER")


def _say_skipped(found: FoldersReply) -> None:
    if found["skipped"]:
        rows = ((output.one_line(one["path"]), output.one_line(one["reason"])) for one in found["skipped"])
        output.print_table(("Skipped", "Why"), rows)
    else:
        output.say("No file is skipped.")


def _row(folder: Folder) -> tuple[str, ...]:
    indexed = output.moment(folder["indexed_at"]) if folder["indexed_at"] else "-"
    return (
        output.one_line(folder["path"]),
        str(folder["files"]),
        str(folder["skipped"]),
        _size(folder["bytes"]),
        folder["problem"] or ("now" if folder["busy"] else indexed),
    )


def _size(size: int) -> str:
    return f"{size / MIB:.1f} MiB" if size >= MIB else f"{size / KIB:.1f} KiB"


def _named(_context: click.Context, _parameter: click.Parameter, text: str) -> Path:
    """An empty text would be the folder that the person is in."""
    if not text.strip():
        raise click.BadParameter("it is empty; name a folder.")
    return Path(text)


@documents.command(epilog="Example: senter documents add ~/papers")
@click.argument("folder", callback=_named)
@json_option
def add(folder: Path, as_json: bool) -> None:
    """Index FOLDER from now on; the index follows its changes. Links are resolved."""
    path = str(folder.resolve())
    found = Client(from_environment()).post("/api/documents", FoldersReply, path=path)
    if as_json:
        output.print_json(found)
    else:
        output.say(f"Being indexed: {output.one_line(path)}")


@documents.command(epilog="Example: senter documents remove ~/papers")
@click.argument("folder", callback=_named)
@json_option
def remove(folder: Path, as_json: bool) -> None:
    """Forget FOLDER and its index; the files stay."""
    path = str(folder.resolve())
    Client(from_environment()).delete("/api/documents", path=path)
    if as_json:
        output.print_json({"removed": path})
    else:
        output.say(f"Forgotten: {output.one_line(path)}")
