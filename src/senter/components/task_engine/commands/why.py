"""`senter why`: from a result, a task or a message back to the request."""

from __future__ import annotations

import click

from senter.client import Client
from senter.client.types import WhyLine, WhyReply
from senter.components.task_engine.commands import goal_words
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.tree import Node, by_depth, print_tree


@click.command(epilog="Examples: senter why 1, senter why task 12, senter why approval 3, senter why result.md")
@click.argument("about", metavar="ID...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def why(about: tuple[str, ...], as_json: bool) -> None:
    """Tell how something came about: request, plan, grant, tool calls, model calls.

    ID is a goal's number, `task N`, `approval N`, a message's id, or the path of a result; or what another line of the
    answer begins with, such as `tool call 7`.
    """
    found = Client(from_environment()).get("/api/why", WhyReply, about=" ".join(about))
    if as_json:
        output.print_json(found)
    else:
        print_tree(by_depth((line["depth"], _node(line)) for line in found["lines"]))


def _node(line: WhyLine) -> Node:
    at = f", {output.moment(line['at'])}" if line["at"] else ""
    details = goal_words.grant(line["grant"]) if line["grant"] else []
    return Node(f"{line['kind'].replace('_', ' ')} {line['id']}{at}: {line['text']}", details=details)
