"""`senter models list`, `get`, `use` and `remove`: the files of embedded models, and which of them answers."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

import click

from senter.client import Client
from senter.client.types import Models, WeightsChosen, WeightsReply, WeightsStatus
from senter.errors import Conflict, ModelUnavailable
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.options import json_option, prints

LOOK_SECONDS = 0.3
LOAD_SECONDS = 60.0
PRIMARY: Final = "model_primary"
AUTO: Final = "auto"


def _show_weights(found: WeightsReply) -> None:
    columns = ("Model", "Size", "Memory", "Licence", "State", "Good for")
    output.print_table(columns, map(_weights, found["models"]))
    if unchecked := ", ".join(row["name"] for row in found["models"] if not row["checked"]):
        output.note(f"Unchecked, their SHA-256 is the one that several projects give: {unchecked}")
    for row in found["models"]:
        if row["problem"]:
            output.note(f"{row['name']}: {output.printable(row['problem'])}")
    if found["left_out"]:
        output.note(f"The default model is not fetched by itself: {found['left_out']}.")
    output.say("Have one of them answer, fetched first where it is absent: senter models use NAME")
    output.say(f"Files are in {output.one_line(found['folder'])}.")


@click.command("list", epilog="Examples: senter models list, senter models list --json")
@prints(_show_weights)
def list_() -> WeightsReply:
    """List the models that can be fetched by name."""
    return connect().get("/api/weights", WeightsReply)


@click.command(epilog="Examples: senter models get qwen2.5-coder-1.5b, senter models get NAME --file ~/model.gguf")
@click.argument("name")
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, resolve_path=True), help="Take this file of yours."
)
@click.option("--no-wait", is_flag=True, help="Do not wait until it is here; the fetch goes on in the background.")
@json_option
def get(name: str, file: str | None, no_wait: bool, as_json: bool) -> None:
    """Fetch the model NAME of the list. Ctrl-C stops waiting, and the fetch goes on."""
    client = connect()
    row = _row_of(client.post("/api/weights", WeightsReply, name=name, file=file), name)
    if not no_wait:
        row = _awaited(client, row)
    if row["problem"]:
        again = (
            f"Take the file of {name}, or leave out --file." if file else "It is tried again. See: senter models list"
        )
        raise ModelUnavailable(row["problem"], again)
    here = row["state"] == "here"
    output.print_result(row, f"{name} is here." if here else f"{name} is being fetched.", as_json=as_json)


@click.command(epilog="Example: senter models remove qwen2.5-coder-1.5b")
@click.argument("name")
@json_option
def remove(name: str, as_json: bool) -> None:
    """Remove the model NAME from the cache, for all homes; stop fetching it."""
    client = connect()
    client.delete("/api/weights/{name}", name=name)
    output.print_result({"removed": name}, f"Removed: {name}", as_json=as_json)
    for row in client.get("/api/models", Models)["models"]:
        if row["model"] == name.lower() and row["model_loaded"]:
            output.note(f"{row['worker']} answers by it until it is loaded anew, and then by another.")


def _awaited(client: Client, row: WeightsStatus) -> WeightsStatus:
    """The model once its file is here, or cannot be fetched."""
    name = row["name"]
    while row["state"] != "here" and not row["problem"]:
        output.progress(_how_far(row))
        time.sleep(LOOK_SECONDS)
        row = _row_of(client.get("/api/weights", WeightsReply), name)
        if row["state"] == "absent" and not row["problem"]:
            raise Conflict(f"{name} is not fetched any more.", f"Begin again with: senter models get {name}")
    output.progress("")
    return row


def _gigabytes(row: WeightsStatus) -> str:
    return f"{row['size_bytes'] / 1e9:.1f} GB"


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
    return (row["name"], _gigabytes(row), memory, row["licence"], state, row["good_for"])


@click.command(
    epilog="Examples: senter models use qwen2.5-coder-0.5b, senter models use ~/model.gguf, senter models use auto"
)
@click.argument("model", metavar="NAME|PATH|auto")
@json_option
def use(model: str, as_json: bool) -> None:
    """Answer by another embedded model: a NAME of the list, a GGUF file, or the automatic choice.

    A model that is not here is fetched first; Ctrl-C stops waiting, and nothing is changed then.
    """
    client = connect()
    named = _absolute(model)
    chosen = _choose(client, named)
    if chosen["fetching"]:
        _fetch(client, chosen["model"])
        chosen = _choose(client, named)
    found = _taken_up(client, chosen["model"])
    if problem := _problem(found):
        if chosen["before"] != chosen["model"]:
            _choose(client, chosen["before"])
        raise ModelUnavailable(problem, f"Set as before: {chosen['before']}")
    if not _is_loaded(found, chosen["model"]):
        output.note(f"{PRIMARY} has not loaded it yet. See: senter models")
    answers = {row["worker"]: row["model"] for row in found["models"]}
    said = [f"{worker} answers by {name}." for worker, name in answers.items()]
    if chosen["before"] != chosen["model"]:
        said.append(f"Undo with: senter models use {chosen['before']}")
    result = {"model": chosen["model"], "before": chosen["before"], "answers": answers}
    output.print_result(result, "\n".join(map(output.one_line, said)), as_json=as_json)


def _absolute(model: str) -> str:
    """A path as the daemon, which runs in another folder, finds it; a name as it is."""
    is_path = os.sep in model or model.lower().endswith(".gguf")
    return str(Path(model).expanduser().absolute()) if is_path else model


def _choose(client: Client, model: str) -> WeightsChosen:
    return client.post("/api/weights/use", WeightsChosen, model=model)


def _fetch(client: Client, name: str) -> None:
    row = _row_of(client.get("/api/weights", WeightsReply), name)
    output.note(f"{name} is not here: {_gigabytes(row)} are fetched first. Until then nothing changes.")
    row = _awaited(client, row)
    if row["problem"]:
        raise ModelUnavailable(row["problem"], "Nothing is changed. The fetch is tried again. See: senter models list")


def _taken_up(client: Client, model: str) -> Models:
    """The workers, once the one that answers people has loaded the model, or failed to, or takes too long."""
    deadline = time.monotonic() + LOAD_SECONDS
    while True:
        found = client.get("/api/models", Models)
        if _is_loaded(found, model) or _problem(found) or time.monotonic() > deadline:
            output.progress("")
            return found
        output.progress(f"Loading {model} ...")
        time.sleep(LOOK_SECONDS)


def _is_loaded(found: Models, model: str) -> bool:
    """Whether the worker that answers people has it loaded; for the automatic choice, whether it can answer."""
    primary = [row for row in found["models"] if row["worker"] == PRIMARY and row["model_loaded"]]
    embedded = [link["model"] for row in primary for link in row["endpoints"] if link["kind"] == "embedded"]
    return any(model == AUTO or row["model"] in embedded for row in primary)


def _problem(found: Models) -> str:
    """Why the embedded model of the worker that answers people was not loaded, or another one was."""
    links = [link for row in found["models"] if row["worker"] == PRIMARY for link in row["endpoints"]]
    return next((link["last_error"] for link in links if link["kind"] == "embedded"), "")


COMMANDS: Final = (list_, get, use, remove)
