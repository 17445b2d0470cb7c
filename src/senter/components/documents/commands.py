"""`senter documents`: which folders are indexed, so that goals can search them."""

from __future__ import annotations

from pathlib import Path

import click

from senter.client.types import DocumentText, Folder, FoldersReply
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ListGroup
from senter.terminal.options import json_option

KIB, MIB = 1_024, 1_048_576


def _named(_context: click.Context, parameter: click.Parameter, text: str) -> str:
    """An empty text would be the folder that the person is in. A `~` that the shell left is the home."""
    if not text.strip():
        raise click.BadParameter(f"it is empty; name a {parameter.name}.")
    try:
        return str(Path(text).expanduser().resolve())
    except RuntimeError as error:
        raise click.BadParameter(f"there is no home folder of {text.partition('/')[0]!r}.") from error


folder_argument = click.argument("folder", callback=_named)


@click.group(cls=ListGroup, epilog="Examples: senter documents add ~/papers, senter documents")
def documents() -> None:
    """Name the folders that goals may read and search."""


@documents.command("list", epilog="Examples: senter documents list, senter documents list --skipped")
@click.option("--skipped", is_flag=True, help="Name the files that are not indexed, at most 100, and say why.")
@json_option
def list_(skipped: bool, as_json: bool) -> None:
    """List the folders."""
    found = connect().get("/api/documents", FoldersReply)
    if as_json:
        output.print_json(found)
    elif skipped:
        _show_skipped(found)
    elif found["folders"]:
        output.print_table(("Folder", "Files", "Skipped", "Size", "Indexed"), map(_row, found["folders"]))
    else:
        output.say("No folders are indexed. Add one with: senter documents add FOLDER")


def _show_skipped(found: FoldersReply) -> None:
    if found["skipped"]:
        rows = ((output.one_line(one["path"]), (output.one_line(one["reason"]), "")) for one in found["skipped"])
        output.print_table(("Skipped", "Why"), rows)
    else:
        output.say("Every file is indexed.")
    if pictures := found["pictures"]:
        are = "1 image or scan is" if pictures == 1 else f"{pictures:,} images and scans are"
        output.note(f"{are} not read: Senter sees no text in pictures.")


def _row(folder: Folder) -> output.Row:
    return (
        output.one_line(folder["path"]),
        str(folder["files"]),
        str(folder["skipped"]),
        _size(folder["bytes"]),
        (folder["problem"] or ("now" if folder["busy"] else output.past(folder["indexed_at"])), ""),
    )


def _size(size: int) -> str:
    return f"{size / MIB:.1f} MiB" if size >= MIB else f"{size / KIB:.1f} KiB"


@documents.command(epilog="Example: senter documents add ~/papers")
@folder_argument
@json_option
def add(folder: str, as_json: bool) -> None:
    """Index FOLDER from now on; the index follows its changes. Links are resolved."""
    found = connect().post("/api/documents", FoldersReply, path=folder)
    output.print_result(found, f"Being indexed: {output.one_line(folder)}", as_json=as_json)


@documents.command(epilog="Example: senter documents show ~/papers/lease.docx")
@click.argument("file", callback=_named)
@json_option
def show(file: str, as_json: bool) -> None:
    """Print what was read of FILE: the text in which questions look for their answers."""
    first = _piece(file, 0)
    texts = [first["text"]]
    more = first["truncated"]
    while more:
        piece = _piece(file, sum(map(len, texts)))
        texts.append(piece["text"])
        more = piece["truncated"]
    whole: DocumentText = {**first, "text": "".join(texts), "truncated": False}
    output.print_result(whole, output.printable(whole["text"]), as_json=as_json)


def _piece(file: str, offset: int) -> DocumentText:
    return connect().get("/api/documents/text", DocumentText, path=file, offset=offset)


@documents.command(epilog="Example: senter documents remove ~/papers")
@folder_argument
@json_option
def remove(folder: str, as_json: bool) -> None:
    """Forget FOLDER and its index; the files stay."""
    connect().delete("/api/documents", path=folder)
    output.print_result({"removed": folder}, f"Forgotten: {output.one_line(folder)}", as_json=as_json)
