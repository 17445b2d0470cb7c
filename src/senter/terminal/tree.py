"""Lines that hang below one another, drawn as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from senter.terminal import output
from senter.text import one_line


@dataclass
class Node:
    """One line, its colour, what is said below it, and what hangs below it."""

    text: str
    style: str = ""
    details: Sequence[str] = ()
    children: list[Node] = field(default_factory=list["Node"])


def print_tree(nodes: Sequence[Node]) -> None:
    for line in _lines(nodes, ""):
        output.say(line)


def by_depth(lines: Iterable[tuple[int, Node]]) -> list[Node]:
    """Nodes that say how deep they hang, each below the nearest one before it that is less deep."""
    roots: list[Node] = []
    above: list[tuple[int, Node]] = []
    for depth, node in lines:
        while above and above[-1][0] >= depth:
            above.pop()
        (above[-1][1].children if above else roots).append(node)
        above.append((depth, node))
    return roots


def _lines(nodes: Sequence[Node], margin: str) -> Iterator[str]:
    branch, last, pipe = ("├─ ", "└─ ", "│  ") if output.speaks_unicode() else ("|- ", "`- ", "|  ")
    for index, node in enumerate(nodes, 1):
        is_last = index == len(nodes)
        below = margin + ("   " if is_last else pipe)
        text = one_line(node.text)
        yield margin + (last if is_last else branch) + (output.styled(text, node.style) if node.style else text)
        stem = below + (pipe if node.children else "   ")
        for detail in node.details:
            yield stem + one_line(detail)
        yield from _lines(node.children, below)
