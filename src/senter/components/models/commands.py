"""`senter models`: which models answer, and how they have been doing."""

from __future__ import annotations

import click

from senter.client import Client
from senter.client.types import EndpointStatus, Models, ModelWorkerStatus
from senter.paths import from_environment
from senter.terminal import output

_BREAKER_STYLES = {"closed": output.GOOD, "half_open": output.WARNING, "open": output.BAD}


@click.command(epilog="Examples: senter models, senter models --json")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def models(as_json: bool) -> None:
    """Show each model worker, its endpoints, and its figures since it started."""
    answer = Client(from_environment()).get("/api/models", Models)
    if as_json:
        output.print_json(answer)
        return
    columns = ("Worker", "Model", "Loaded", "Requests", "Errors", "Tokens in/out", "p50", "p95", "Active", "Waiting")
    output.print_table(columns, [_figures(row) for row in answer["models"]])
    output.say()
    output.print_table(
        ("Worker", "Endpoint", "Address", "Model", "Breaker", "Last error"),
        [_endpoint(row["worker"], endpoint) for row in answer["models"] for endpoint in row["endpoints"]],
    )
    for worker, reason in answer["missing"].items():
        output.note(f"{worker} did not answer: {output.printable(reason)}")


def _figures(row: ModelWorkerStatus) -> tuple[str | tuple[str, str], ...]:
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


def _endpoint(worker: str, endpoint: EndpointStatus) -> tuple[str | tuple[str, str], ...]:
    breaker = endpoint["breaker"]
    return (
        worker,
        endpoint["kind"],
        endpoint["url"] or "-",
        endpoint["model"] or "-",
        (breaker.replace("_", " "), _BREAKER_STYLES.get(breaker, output.WARNING)),
        endpoint["last_error"] or "-",
    )


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"
