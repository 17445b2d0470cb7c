"""`senter models`: which models answer, and how they have been doing."""

from __future__ import annotations

from typing import TypedDict, cast

import click

from senter.cli import output
from senter.client import Client
from senter.paths import from_environment


class EndpointRow(TypedDict):
    """`EndpointStatus` as the API gives it."""

    kind: str
    url: str
    model: str
    breaker: str
    capability: str
    last_error: str


class ModelRow(TypedDict):
    """`ModelBody` as the API gives it."""

    worker: str
    model: str
    model_loaded: bool
    endpoints: list[EndpointRow]
    requests: int
    errors: int
    prompt_tokens: int
    completion_tokens: int
    latency_p50_seconds: float | None
    latency_p95_seconds: float | None
    active: int
    waiting: int


class ModelsAnswer(TypedDict):
    """`ModelsBody` as the API gives it."""

    models: list[ModelRow]
    missing: dict[str, str]


_BREAKER_STYLES = {"closed": output.GOOD, "half_open": output.WARNING, "open": output.BAD}


@click.command(epilog="Examples: senter models, senter models --json")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def models(as_json: bool) -> None:
    """Show each model worker, its endpoints, and its figures since it started."""
    answer = cast(ModelsAnswer, Client(from_environment()).models())
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


def _figures(row: ModelRow) -> tuple[str | tuple[str, str], ...]:
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


def _endpoint(worker: str, endpoint: EndpointRow) -> tuple[str | tuple[str, str], ...]:
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
