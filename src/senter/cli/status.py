"""`senter status`: what runs and how it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import click

from senter.cli import output
from senter.cli.control import ComponentRow, DaemonRow, command_component, daemon_status

_HEALTH_STYLES = {"healthy": output.GOOD, "degraded": output.WARNING, "unhealthy": output.BAD}


@click.command(epilog="Examples: senter status, senter status assistant, senter status --json")
@click.argument("component", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the status as JSON.")
def status(component: str | None, as_json: bool) -> None:
    """Show what runs: the whole daemon, or one COMPONENT with its restarts."""
    if component is None:
        report = daemon_status()
        output.print_json(report) if as_json else _show_daemon(report)
        return
    details = command_component("describe", component)
    output.print_json(details) if as_json else _show_component(component, details)


def _show_daemon(report: DaemonRow) -> None:
    output.print_panel(
        "SENTER DAEMON",
        [
            f"{_words(report['state'])}, pid {report['pid']}, up {output.duration(report['uptime_seconds'])}",
            f"Health score {report['health_score']} of 100",
        ],
    )
    output.print_table(
        ("Component", "Status", "PID", "Uptime", "Restarts", "Health"),
        [(name, *_component_cells(row)) for name, row in report["components"].items()],
    )
    for name, row in report["components"].items():
        reason = row.get("reason") or row["health"].get("detail")
        if reason:
            output.say(f"{name}: {output.printable(reason)}")


def _component_cells(row: ComponentRow) -> tuple[str | tuple[str, str], ...]:
    lives = row["pid"] is not None
    health = row["health"]["status"]
    return (
        state_cell(row["state"]),
        str(row["pid"]) if lives else "-",
        output.duration(row["uptime_seconds"]) if lives else "-",
        str(row["restarts"]),
        (health, _HEALTH_STYLES.get(health, output.WARNING)) if row["state"] == "running" else "-",
    )


def state_cell(state: str) -> tuple[str, str]:
    """A state as a word with a mark, and its colour."""
    tick, cross = ("\N{CHECK MARK}", "\N{BALLOT X}") if output.speaks_unicode() else ("+", "x")
    if state == "running":
        return f"{tick} Running", output.GOOD
    if state.startswith("stopped"):
        return f"{cross} {_words(state)}", output.BAD
    return _words(state), output.FAINT if state == "disabled" else output.WARNING


def _words(state: str) -> str:
    return state.replace("_", " ").capitalize()


def _show_component(name: str, details: Mapping[str, object]) -> None:
    lines = [f"{_words(key)}: {_value(value)}" for key, value in details.items() if not isinstance(value, list)]
    output.print_panel(name, lines)
    history = cast(list[dict[str, object]], details.get("history") or [])
    if not history:
        output.say("No restarts on record.")
        return
    output.print_table(
        ("Time", "Component", "Reason", "Outcome", "Downtime"),
        [[_value(entry.get(key)) for key in ("at", "component", "reason", "outcome", "downtime")] for entry in history],
    )


def _value(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, dict):
        pairs = cast(dict[str, object], value).items()
        return ", ".join(f"{key} {_value(inner)}" for key, inner in pairs if inner not in ("", None, {})) or "-"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
