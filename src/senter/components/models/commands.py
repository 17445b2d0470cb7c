"""`senter models`: which models answer, and how they have been doing."""

from __future__ import annotations

import time

import click

from senter.client.client import Client
from senter.client.types import EndpointStatus, ExamBegun, Models, ModelWorkerStatus, WeightsReply, WeightsStatus
from senter.errors import Conflict, ModelUnavailable
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ShowGroup
from senter.terminal.options import json_option, prints
from senter.terminal.planning import goals_are_planned_by

_BREAKER_STYLES = {"closed": output.GOOD, "half_open": output.WARNING, "open": output.BAD}
LOOK_SECONDS = 0.3
_WORKERS = ("Worker", "Model", "Loaded", "Requests", "Errors", "Tokens in/out", "p50", "p95", "Active", "Waiting")
_TRUST = ("Model", "Trusted with", "Known by", "Tools", "JSON schema", "Streaming", "Context")
_ENDPOINTS = ("Worker", "Endpoint", "Address", "Model", "Breaker", "Last error")


def _show(found: Models) -> None:
    output.print_table(_WORKERS, map(_figures, found["models"]))
    output.say()
    rows = [_endpoint(row["worker"], endpoint) for row in found["models"] for endpoint in row["endpoints"]]
    output.print_table(_ENDPOINTS, rows)
    output.say()
    _show_trust(found)
    for worker, reason in found["missing"].items():
        output.note(f"{worker} did not answer: {output.printable(reason)}")


def _show_trust(found: Models) -> None:
    """What each model may be trusted with, once for each, and by what goals are planned."""
    endpoints = {(row["model"], row["url"]): row for worker in found["models"] for row in worker["endpoints"]}
    known = [row for row in endpoints.values() if row["model"]]
    output.print_table(_TRUST, map(_trust, known))
    if background := [row for row in found["models"] if row["worker"] == "model_research"]:
        output.say(goals_are_planned_by(output.one_line(background[0]["planner"])))
    for row in known:
        if row["exam"]:
            output.note(f"{output.one_line(row['model'])}: {output.one_line(row['exam'])}")
        elif row["known_by"] in ("family", "assumed"):
            name = output.one_line(row["model"])
            output.note(f"{name} is trusted by its name until it is examined: senter models exam {name}")


@click.group(cls=ShowGroup, epilog="Examples: senter models, senter models list, senter models get qwen2.5-coder-1.5b")
def models() -> None:
    """See which models answer and what they can do, and fetch others."""


@models.command(epilog="Examples: senter models, senter models show --json")
@prints(_show)
def show() -> Models:
    """Show each model worker, its endpoints, and its figures since it started."""
    return connect().get("/api/models", Models)


def _show_weights(found: WeightsReply) -> None:
    output.print_table(("Model", "Size", "Memory", "State", "Good for"), map(_weights, found["models"]))
    for row in found["models"]:
        if row["problem"]:
            output.note(f"{row['name']}: {output.printable(row['problem'])}")
    if found["left_out"]:
        output.note(f"The default model is not fetched by itself: {found['left_out']}.")
    output.say(f"Files are in {output.one_line(found['folder'])}.")


@models.command("list", epilog="Examples: senter models list, senter models list --json")
@prints(_show_weights)
def list_() -> WeightsReply:
    """List the models that can be fetched by name."""
    return connect().get("/api/weights", WeightsReply)


@models.command(epilog="Examples: senter models get qwen2.5-coder-1.5b, senter models get NAME --file ~/model.gguf")
@click.argument("name")
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, resolve_path=True), help="Take this file of yours."
)
@click.option("--no-wait", is_flag=True, help="Do not wait until it is here; the fetch goes on in the background.")
@json_option
def get(name: str, file: str | None, no_wait: bool, as_json: bool) -> None:
    """Fetch the model NAME of the list. Ctrl-C stops waiting, and the fetch goes on."""
    client = connect()
    found = client.post("/api/weights", WeightsReply, name=name, file=file)
    row = _row_of(found, name)
    while not no_wait and row["state"] != "here" and not row["problem"]:
        output.progress(_how_far(row))
        time.sleep(LOOK_SECONDS)
        row = _row_of(client.get("/api/weights", WeightsReply), name)
        if row["state"] == "absent" and not row["problem"]:
            raise Conflict(f"{name} is not fetched any more.", f"Begin again with: senter models get {name}")
    output.progress("")
    if row["problem"]:
        again = (
            f"Take the file of {name}, or leave out --file." if file else "It is tried again. See: senter models list"
        )
        raise ModelUnavailable(row["problem"], again)
    here = row["state"] == "here"
    output.print_result(row, f"{name} is here." if here else f"{name} is being fetched.", as_json=as_json)


@models.command(epilog="Example: senter models remove qwen2.5-coder-1.5b")
@click.argument("name")
@json_option
def remove(name: str, as_json: bool) -> None:
    """Remove the model NAME from the cache, for all homes; stop fetching it."""
    connect().delete("/api/weights/{name}", name=name)
    output.print_result({"removed": name}, f"Removed: {name}", as_json=as_json)


@models.command(epilog="Examples: senter models exam, senter models exam gpt-5, senter models exam --json")
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
        output.print_table(_TRUST, map(_trust, rows), empty="No model is in use. See: senter models")


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


def _trust(row: EndpointStatus) -> output.Row:
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


def _row_of(found: WeightsReply, name: str) -> WeightsStatus:
    return next(row for row in found["models"] if row["name"] == name.lower())


def _how_far(row: WeightsStatus) -> str:
    done, size = row["done_bytes"] // 10**6, row["size_bytes"] // 10**6
    place = f" from {row['place']}" if row["place"] else ""
    return f"Fetching {row['name']}{place}: {done:,} of {size:,} MB"


def _weights(row: WeightsStatus) -> output.Row:
    state = row["state"]
    if state == "fetching":
        state = f"{100 * row['done_bytes'] // row['size_bytes']} %"
    memory = f"{row['memory_mib'] / 1024:.1f} GiB"
    return (row["name"], f"{row['size_bytes'] / 1e9:.1f} GB", memory, state, row["good_for"])


def _figures(row: ModelWorkerStatus) -> output.Row:
    return (
        row["worker"],
        row["model"] or "-",
        ("yes", output.GOOD) if row["model_loaded"] else ("no", output.WARNING),
        str(row["requests"]),
        str(row["errors"]),
        f"{row['prompt_tokens']}/{row['completion_tokens']}",
        _seconds(row["latency_p50_seconds"]),
        _seconds(row["latency_p95_seconds"]),
        str(row["active"]),
        str(row["waiting"]),
    )


def _endpoint(worker: str, endpoint: EndpointStatus) -> output.Row:
    breaker = (endpoint["breaker"].replace("_", " "), _BREAKER_STYLES.get(endpoint["breaker"], output.WARNING))
    address, model = endpoint["url"] or "-", endpoint["model"] or "-"
    return (worker, endpoint["kind"], address, model, breaker, endpoint["last_error"] or "-")


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"
