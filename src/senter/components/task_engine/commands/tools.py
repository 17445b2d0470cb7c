"""`senter tools`: what goals are carried out with."""

from __future__ import annotations

import json
from typing import cast

import click

from senter.client import Client
from senter.client.types import ToolsReply, ToolTested, ToolView
from senter.errors import InvalidInput, NotFound
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.groups import ListGroup

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group(cls=ListGroup, epilog='Examples: senter tools, senter tools test documents_search query="tea"')
def tools() -> None:
    """List, show and try the tools."""


@tools.command("list", epilog="Example: senter tools list --json")
@json_option
def list_(as_json: bool) -> None:
    """List every tool."""
    found = Client(from_environment()).get("/api/tools", ToolsReply)
    if as_json:
        output.print_json(found)
        return
    output.print_table(("Name", "Effect", "Usable", "What it does"), map(_row, found["tools"]))


def _row(tool: ToolView) -> tuple[str | tuple[str, str], ...]:
    usable = ("yes", output.GOOD) if tool["available"] else (f"no: {tool['reason']}", output.WARNING)
    return (tool["name"], tool["effect"], usable, tool["description"].partition("\n")[0])


@tools.command(epilog="Example: senter tools show documents_search")
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show one tool with its arguments."""
    tool = _tool(Client(from_environment()), name)
    if as_json:
        output.print_json(tool)
        return
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


@tools.command(epilog='Example: senter tools test documents_search query="tea" limit=3')
@click.argument("name")
@click.argument("arguments", metavar="[ARGUMENT=VALUE]...", nargs=-1)
@json_option
def test(name: str, arguments: tuple[str, ...], as_json: bool) -> None:
    """Call a tool once, under the grant every goal gets. Tools whose effect cannot be undone are refused."""
    client = Client(from_environment())
    tool = _tool(client, name)
    given = dict(_argument(tool, each) for each in arguments)
    path = "/api/tools/{tool}/test"
    result = client.post(path, ToolTested, tool=name, arguments=given)
    if as_json:
        output.print_json(result)
        return
    output.say(output.printable(result["text"]))
    for source in result["sources"]:
        output.say(output.printable(f"Source: {source['title']}, {source['address']}"))
    if result["truncated"]:
        output.note("More was returned than is shown.")


def _tool(client: Client, name: str) -> ToolView:
    """Raises `NotFound`, with what may have been meant."""
    found = client.get("/api/tools", ToolsReply)["tools"]
    for tool in found:
        if tool["name"] == name:
            return tool
    from difflib import get_close_matches

    close = get_close_matches(name, [tool["name"] for tool in found], n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    raise NotFound(f"There is no tool {name!r}.{meant}", "See them with: senter tools")


def _argument(tool: ToolView, given: str) -> tuple[str, object]:
    """`name=value`: a text where the tool takes a text, else JSON."""
    name, equals, value = given.partition("=")
    known = _properties(tool)
    if not equals or name not in known:
        raise InvalidInput(
            f"{given!r} is no argument of {tool['name']}.",
            f"Say it as {' '.join(f'{each}=VALUE' for each in known) or 'nothing: it takes none'}",
        )
    if known[name].get("type") == "string":
        return name, value
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _properties(tool: ToolView) -> dict[str, dict[str, object]]:
    return cast("dict[str, dict[str, object]]", tool["arguments"].get("properties", {}))
