"""`senter models exam`, and how is shown what each model may be trusted with."""

from __future__ import annotations

import time
from typing import Final

import click

from senter.client.client import Client
from senter.client.types import EndpointStatus, ExamBegun, Models
from senter.errors import ModelUnavailable
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.options import json_option
from senter.terminal.planning import goals_are_planned_by

LOOK_SECONDS = 0.3
TRUST: Final = ("Model", "Trusted with", "Known by", "Tools", "JSON schema", "Streaming", "Context")


def show_trust(found: Models) -> None:
    """What each model may be trusted with, once for each, and by what goals are planned."""
    endpoints = {(row["model"], row["url"]): row for worker in found["models"] for row in worker["endpoints"]}
    known = [row for row in endpoints.values() if row["model"]]
    output.print_table(TRUST, map(trust, known))
    if background := [row for row in found["models"] if row["worker"] == "model_research"]:
        output.say(goals_are_planned_by(output.one_line(background[0]["planner"])))
    for row in known:
        if row["exam"]:
            output.note(f"{output.one_line(row['model'])}: {output.one_line(row['exam'])}")
        elif row["known_by"] in ("family", "assumed"):
            name = output.one_line(row["model"])
            output.note(f"{name} is trusted by its name until it is examined: senter models exam {name}")


@click.command(epilog="Examples: senter models exam, senter models exam gpt-5, senter models exam --json")
@click.argument("name", required=False)
@json_option
def exam(name: str | None, as_json: bool) -> None:
    """Examine the model NAME, or those in use: what it may be trusted with, and what its endpoint really has.

    Takes at most 10 minutes and 20,000 tokens, which an endpoint with a key may charge for. Your questions go first.
    Ctrl-C ends it.
    """
    client = connect()
    in_use = [row["model"] for row in client.get("/api/models", Models)["models"] if row["model"]]
    rows = [_examined(client, wanted) for wanted in ([name] if name else dict.fromkeys(in_use))]
    if as_json:
        output.print_json(rows)
    else:
        output.print_table(TRUST, map(trust, rows), empty="No model is in use. See: senter models")


def _examined(client: Client, name: str) -> EndpointStatus:
    """The model as its exam showed it. Ctrl-C ends the exam."""
    begun = client.post("/api/exams", ExamBegun, model=name)
    try:
        row = before = _endpoint_of(client, begun)
        while row["exam_running"]:
            output.progress(row["exam"])
            time.sleep(LOOK_SECONDS)
            row = _endpoint_of(client, begun)
    except KeyboardInterrupt:
        client.delete("/api/exams")
        raise
    finally:
        output.progress("")
    if row["exam"] or row["examined_at"] == before["examined_at"]:
        raise ModelUnavailable(
            row["exam"] or f"The exam of {name} was broken off.", f"Again: senter models exam {name}"
        )
    return row


def _endpoint_of(client: Client, begun: ExamBegun) -> EndpointStatus:
    """The link that is examined. Raises `ModelUnavailable` where its worker does not answer."""
    rows = client.get("/api/models", Models)["models"]
    endpoints = [row for worker in rows if worker["worker"] == begun["worker"] for row in worker["endpoints"]]
    if found := [row for row in endpoints if row["kind"] == begun["kind"]]:
        return found[0]
    raise ModelUnavailable(f"{begun['worker']} does not answer.", f"See: senter status {begun['worker']}")


def trust(row: EndpointStatus) -> output.Row:
    context = row["context_tokens"]
    return (
        row["model"],
        row["capability"],
        row["known_by"],
        _has(row["native_tools"]),
        _has(row["json_schema"]),
        _has(row["streaming"]),
        f"{context:,}" if context else "-",
    )


def _has(feature: bool | None) -> str:
    return "-" if feature is None else "yes" if feature else "no"
