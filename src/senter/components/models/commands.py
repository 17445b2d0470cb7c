"""`senter models`: which models answer, how they have been doing, and having others answer."""

from __future__ import annotations

import click

from senter.client.types import EmbeddedModelStatus, EndpointStatus, Models, ModelWorkerStatus
from senter.components.models import commands_exam, commands_weights
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ShowGroup
from senter.terminal.options import prints

_BREAKER_STYLES = {"closed": output.GOOD, "half_open": output.WARNING, "open": output.BAD}
_WORKERS = ("Worker", "Model", "Loaded", "Requests", "Errors", "Tokens in/out", "p50", "p95", "Active", "Waiting")
_CHOSEN = ("Worker", "Embedded model", "Reads", "Writes", "Threads", "Batch", "Memory")
_ENDPOINTS = ("Worker", "Endpoint", "Address", "Model", "Breaker", "Last error")


def _show(found: Models) -> None:
    output.print_table(_WORKERS, map(_figures, found["models"]))
    output.say()
    rows = [_endpoint(row["worker"], endpoint) for row in found["models"] for endpoint in row["endpoints"]]
    output.print_table(_ENDPOINTS, rows)
    if chosen := [_chosen(row["worker"], row["embedded"]) for row in found["models"] if row["embedded"]]:
        output.say()
        output.print_table(_CHOSEN, chosen)
    output.say()
    commands_exam.show_trust(found)
    for row in found["models"]:
        if row["lesser"]:
            output.note(f"{row['worker']}: {output.printable(row['lesser'])} See: senter models list")
    for worker, reason in found["missing"].items():
        output.note(f"{worker} did not answer: {output.printable(reason)}")


@click.group(cls=ShowGroup, epilog="Examples: senter models, senter models list, senter models use qwen2.5-coder-1.5b")
def models() -> None:
    """See which models answer; fetch others and have them answer."""


for _command in (*commands_weights.COMMANDS, commands_exam.exam):
    models.add_command(_command)


@models.command(epilog="Examples: senter models, senter models show --json")
@prints(_show)
def show() -> Models:
    """Show each model worker, its endpoints, and its figures since it started."""
    return connect().get("/api/models", Models)


def _figures(row: ModelWorkerStatus) -> output.Row:
    return (
        row["worker"],
        row["model"] or "-",
        _loaded(row),
        str(row["requests"]),
        str(row["errors"]),
        f"{row['prompt_tokens']}/{row['completion_tokens']}",
        _seconds(row["latency_p50_seconds"]),
        _seconds(row["latency_p95_seconds"]),
        str(row["active"]),
        str(row["waiting"]),
    )


def _loaded(row: ModelWorkerStatus) -> str | tuple[str, str]:
    if row["model_loaded"]:
        return "yes", output.GOOD
    waits = row["embedded"] is not None and row["embedded"]["model"] == row["model"]
    return "when asked" if waits else ("no", output.WARNING)


def _endpoint(worker: str, endpoint: EndpointStatus) -> output.Row:
    breaker = (endpoint["breaker"].replace("_", " "), _BREAKER_STYLES.get(endpoint["breaker"], output.WARNING))
    address, model = endpoint["url"] or "-", endpoint["model"] or "-"
    return (worker, endpoint["kind"], address, model, breaker, endpoint["last_error"] or "-")


def _chosen(worker: str, model: EmbeddedModelStatus) -> output.Row:
    """What was chosen for an embedded model. Speeds that are only assumed are said to be about so many."""
    about = "" if model["measured"] else "about "
    reading, writing = model["reading_threads"], model["writing_threads"]
    return (
        worker,
        model["model"],
        f"{about}{model['read_tokens_per_second']:.0f} tokens/s",
        f"{about}{model['write_tokens_per_second']:.0f} tokens/s",
        str(writing) if reading == writing else f"{reading} to read, {writing} to write",
        f"{model['batch_tokens']} tokens",
        f"{model['memory_mib']:,} MiB" if model["loaded"] else "given back until someone asks",
    )


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"
