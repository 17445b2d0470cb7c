"""`senter tools`: what goals are carried out with."""

from __future__ import annotations

import json
from typing import cast

import click

from senter.client import Client
from senter.client.types import ToolsReply, ToolTested, ToolView
from senter.errors import InvalidInput, NotFound
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ListGroup
from senter.terminal.options import prints
from senter.terminal.words import no_such


@click.group(cls=ListGroup, epilog='Examples: senter tools, senter tools test documents_search query="tea"')
def tools() -> None:
    """List, show and try the tools."""


def _show_list(found: ToolsReply) -> None:
    output.print_table(("Name", "Effect", "Usable", "What it does"), map(_row, found["tools"]))


def _row(tool: ToolView) -> output.Row:
    usable = ("yes", output.GOOD) if tool["available"] else (f"no: {tool['reason']}", output.WARNING)
    return (tool["name"], tool["effect"], usable, tool["description"].partition("\n")[0])


@tools.command("list", epilog="Example: senter tools list --json")
@prints(_show_list)
def list_() -> ToolsReply:
    """List every tool."""
    return connect().get("/api/tools", ToolsReply)


def _show(tool: ToolView) -> None:
    output.say(f"{tool['name']}: {output.printable(tool['description'])}")
    output.say(f"  Effect      {tool['effect']}")
    output.say(f"  Permission  {output.printable(tool['permission'])}")
    output.say(f"  Timeout     {tool['timeout_seconds']:g} s")
    if not tool["available"]:
        output.say(f"  Not usable  {output.printable(tool['reason'])}")
    for argument, schema in _properties(tool).items():
        needed = "" if argument in cast("list[str]", tool["arguments"].get("required", [])) else ", optional"
        about = str(schema.get("description", ""))
        output.say(output.printable(f"  {argument} ({schema.get('type', 'any')}{needed})  {about}".rstrip()))


@tools.command(epilog="Example: senter tools show documents_search")
@click.argument("name")
@prints(_show)
def show(name: str) -> ToolView:
    """Show one tool with its arguments."""
    return _tool(connect(), name)


def _show_tested(result: ToolTested) -> None:
    output.say(output.printable(result["text"]))
    for source in result["sources"]:
        output.say(f"Source: {output.one_line(source['title'])}, {output.one_line(source['address'])}")
    if result["truncated"]:
        output.note("More was returned than is shown.")


@tools.command(epilog='Example: senter tools test documents_search query="tea" limit=3')
@click.argument("name")
@click.argument("arguments", metavar="[ARGUMENT=VALUE]...", nargs=-1)
@prints(_show_tested)
def test(name: str, arguments: tuple[str, ...]) -> ToolTested:
    """Call a tool once, under the grant every goal gets. Tools whose effect cannot be undone are refused."""
    client = connect()
    tool = _tool(client, name)
    return client.post(
        "/api/tools/{tool}/test", ToolTested, tool=name, arguments=dict(_argument(tool, each) for each in arguments)
    )


def _tool(client: Client, name: str) -> ToolView:
    """Raises `NotFound`, with what may have been meant."""
    found = {tool["name"]: tool for tool in client.get("/api/tools", ToolsReply)["tools"]}
    if name not in found and (silent := found.get(f"{name.partition('.')[0]}.*")):
        raise NotFound(f"{name} is not known yet: {silent['reason']}", "See it with: senter tools")
    if name not in found:
        raise NotFound(no_such("tool", name, found), "See them with: senter tools")
    return found[name]


def _argument(tool: ToolView, given: str) -> tuple[str, object]:
    """`name=value`: a text where the tool takes a text, else JSON."""
    name, equals, value = given.partition("=")
    known = _properties(tool)
    if not equals or name not in known:
        raise InvalidInput(
            f"Unknown argument {given!r} of {tool['name']}.",
            f"Use: {' '.join(f'{each}=VALUE' for each in known)}" if known else "It takes no arguments.",
        )
    if known[name].get("type") == "string":
        return name, value
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _properties(tool: ToolView) -> dict[str, dict[str, object]]:
    return cast("dict[str, dict[str, object]]", tool["arguments"].get("properties", {}))
