"""`senter status`: what runs and how it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from senter.cli.control import command_component, daemon_status
from senter.cli.reaching import OUTDATED, runs_other_code
from senter.terminal import output
from senter.terminal.options import json_option
from senter.terminal.planning import goals_are_planned_by
from senter.terminal.waiting import what_waits

if TYPE_CHECKING:
    from senter.cli.control import ComponentDetails, RestartRow
    from senter.client.types import ComponentStatus, DaemonStatus

_HEALTH_STYLES = {"healthy": output.GOOD, "degraded": output.WARNING, "unhealthy": output.BAD}


@click.command(epilog="Examples: senter status, senter status assistant, senter status --json")
@click.argument("component", required=False)
@json_option
def status(component: str | None, as_json: bool) -> None:
    """Show what runs, or one COMPONENT with its restarts."""
    if component is None:
        report = daemon_status()
        outdated = runs_other_code(report.get("code", ""))
        output.print_json({**report, "outdated": outdated}) if as_json else _show_daemon(report, outdated=outdated)
        return
    details = cast("ComponentDetails", command_component("describe", component))
    output.print_json(details) if as_json else _show_component(component, details)


def _show_daemon(report: DaemonStatus, *, outdated: bool) -> None:
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
    if outdated:
        output.say(output.styled(OUTDATED, output.WARNING))
    if problem := report.get("settings_problem"):
        output.say(f"settings: not in use as they are now: {output.printable(problem)}")
    if research := report["components"].get("model_research"):
        planner = research["health"].get("facts", {}).get("planner")
        if isinstance(planner, str):
            output.say(goals_are_planned_by(output.one_line(planner)))
    if engine := report["components"].get("task_engine"):
        facts = engine["health"].get("facts", {})
        count, first = facts.get("approvals_waiting"), facts.get("first_approval")
        if isinstance(count, int) and count and isinstance(first, str):
            output.say(what_waits(count, first))
    for name, row in report["components"].items():
        reason = row.get("reason") or row["health"].get("detail") or row["health"].get("note")
        if reason:
            output.say(f"{name}: {output.printable(reason)}")


def _component_cells(row: ComponentStatus) -> output.Row:
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


def _show_component(name: str, details: ComponentDetails) -> None:
    health = details["health"]
    lines = [
        f"{state_cell(details['state'])[0]}" + (f": {details['reason']}" if details["reason"] else ""),
        f"Health    {health['status']}" + (f": {health['detail']}" if health["detail"] else ""),
        *([f"Doing     {note}"] if (note := health.get("note")) else []),
        f"PID       {details['pid'] or '-'}",
        f"Uptime    {output.duration(details['uptime_seconds'])}",
        f"Restarts  {details['restarts']}",
        f"Memory    {details['memory_mb']:.1f} MiB",
        f"CPU       {details['cpu_percent']:.1f} %",
        f"Threads   {details['threads']}",
        f"Files     {details['open_files']} open",
        *(f"{fact}: {_fact(value)}" for fact, value in health["facts"].items()),
    ]
    output.print_panel(name, lines)
    rows = [
        (output.past(line["at"]), line["unit"], line["reason"], line["outcome"], _downtime(line))
        for line in details["history"]
    ]
    columns = ("Time", "Component", "Reason", "Outcome", "Downtime")
    output.print_table(columns, rows, empty="No restarts on record.")


def _fact(value: str | int | float | bool | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)


def _downtime(line: RestartRow) -> str:
    seconds = line["downtime_seconds"]
    if seconds is None:
        return "-"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
