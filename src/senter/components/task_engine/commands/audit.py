"""`senter audit`: the record of what was allowed and done, and whether anybody changed it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from senter.client import Client
from senter.client.types import AuditEntry, AuditReply
from senter.components.task_engine.commands.goal_view import cut
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ListGroup
from senter.terminal.options import file_option, json_option, limit_option, prints
from senter.terminal.output_file import output_file

LOG = "/api/audit"
PAGE = 1_000
SHOWN_TEXT = 80  # characters

KEPT = re.compile(r"([1-9]\d{0,17}):([0-9a-f]{64})", re.ASCII)


class KeptDigest(click.ParamType[tuple[int, str]]):
    """An entry's number and digest, as `verify` says them."""

    name = "NUMBER:DIGEST"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, str]:
        found = KEPT.fullmatch(value.strip().lower())
        if found is None:
            self.fail("write a number and a digest of 64 hex digits, such as 12:4f6a...", param, ctx)
        return int(found[1]), found[2]


@click.group(cls=ListGroup, epilog="Examples: senter audit, senter audit verify, senter audit export -o audit.jsonl")
def audit() -> None:
    """Read, check and export the audit log."""


def _show_list(found: AuditReply) -> None:
    if found["entries"]:
        output.print_table(("Number", "Time", "Who", "What", "Of", "Exactly"), map(_row, found["entries"]))
    else:
        output.say("The audit log is empty.")


def _row(entry: AuditEntry) -> output.Row:
    text = "(erased)" if entry["text"] is None else cut(entry["text"], SHOWN_TEXT)
    at = output.past(entry["at"] or "?")
    return (str(entry["number"]), at, entry["actor"], entry["action"], entry["subject"], text)


@audit.command("list", epilog="Example: senter audit list --limit 50")
@limit_option(20)
@prints(_show_list)
def list_(limit: int) -> AuditReply:
    """Show the latest entries."""
    client = connect()
    total = client.get(LOG, AuditReply, limit=0)["total"]
    return client.get(LOG, AuditReply, after=max(0, total - limit), limit=limit)


@audit.command(epilog="Examples: senter audit verify, senter audit verify --kept NUMBER:DIGEST")
@click.option("--kept", type=KeptDigest(), help="Compare with an entry's digest that you kept, as NUMBER:DIGEST.")
@json_option
def verify(kept: tuple[int, str] | None, as_json: bool) -> int:
    """Check that no entry was changed, left out, put in or cut off.

    The log is compared with the entries that the reporter noted, and with the journal. It says the digest of the
    last entry, too: kept elsewhere, it shows what was changed by somebody who changed what the reporter noted as well.
    """
    client = connect()
    found = client.get(LOG, AuditReply, verify=True, limit=0)
    holds = _holds(client, *kept) if kept else None
    if as_json:
        result = {name: found[name] for name in ("intact", "broken_at", "total", "head", "missing", "notes")}
        output.print_json(result | {"holds_kept": holds})
    else:
        _say_verdict(found, kept, holds)
    return 0 if found["intact"] and not found["missing"] and holds is not False else 1


def _holds(client: Client, number: int, digest: str) -> bool:
    """Whether an entry still has the digest that it had."""
    found = client.get(LOG, AuditReply, after=number - 1, limit=1)["entries"]
    return [entry["digest"] for entry in found] == [digest]


def _say_verdict(found: AuditReply, kept: tuple[int, str] | None, holds: bool | None) -> None:
    if not found["intact"]:
        output.say(output.styled(f"The audit log is broken at entry {found['broken_at']}.", output.BAD))
    elif found["missing"]:
        output.say(output.styled(f"The audit log is short: {found['total']:,} entries fit.", output.BAD))
    else:
        words = "1 entry" if found["total"] == 1 else f"{found['total']:,} entries"
        output.say(f"The audit log is intact: {words}.")
    for sentence in (*found["missing"], *found["notes"]):
        output.say(sentence)
    if found["intact"] and found["total"] and not found["missing"]:
        output.say(f"To keep elsewhere and compare with later: {found['total']}:{found['head']}")
    if kept and holds:
        output.say(f"Entry {kept[0]:,} is the one you kept the digest of.")
    elif kept:
        words = f"Entry {kept[0]:,} is not the one you kept the digest of: the log was changed, cut or made anew."
        output.say(output.styled(words, output.BAD))


@audit.command(epilog="Example: senter audit export -o audit.jsonl")
@file_option
@click.option("--json", is_flag=True, expose_value=False, help="It is JSON in any case.")
def export(file: Path | None) -> None:
    """Export the whole log, one JSON object on each line."""
    entries = _whole_log()
    if file is None:
        for entry in entries:
            output.print_json(entry)
        return
    count = 0
    with output_file(file) as lines:
        for count, entry in enumerate(entries, 1):  # noqa: B007 - said below
            lines.write(output.json_text(entry) + "\n")
    output.note(f"Written: {file} ({count:,} entries)")


def _whole_log() -> Iterator[AuditEntry]:
    client, after = connect(), 0
    while entries := client.get(LOG, AuditReply, after=after, limit=PAGE)["entries"]:
        yield from entries
        after = entries[-1]["number"]
