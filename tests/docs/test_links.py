"""The pages: every relative link leads somewhere, and every command that is shown exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from senter.cli.main import senter
from tests.support.examples import echo

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
WRONG_USE = "[exit 2]"

_FENCED = re.compile(r"^(?P<indent> *)```(?P<kind>[^\n]*)\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_INLINE = re.compile(r"`((?:bin/)?senter [^`]+)`")
_SHELL = re.compile(r"\s(?:\||<|>|&&|&|2>)(?:\s|$)")


def pages() -> list[object]:
    return [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and most others make them."""
    found: set[str] = set()
    for line in _FENCED.sub("", page.read_text()).splitlines():
        if line.startswith("#"):
            text = re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower())
            found.add(text.replace(" ", "-"))
    return found


def links(page: Path) -> Iterator[str]:
    for found in _LINK.finditer(_FENCED.sub("", page.read_text())):
        if "://" not in found["target"]:
            yield found["target"]


def commands(page: Path) -> Iterator[str]:
    """What follows `$ ` in a block, and inline code that begins with senter."""
    text = page.read_text()
    for block in _FENCED.finditer(text):
        for shown in re.split(r"^\s*\$ ", block["body"], flags=re.MULTILINE)[1:]:
            line, _, output = shown.partition("\n")
            found = re.match(r"(?:\w+=\S+ )*((?:bin/)?senter(?: .*)?)$", line)
            if found and WRONG_USE not in output:
                yield _SHELL.split(found[1])[0]
    yield from (_SHELL.split(found)[0] for found in _INLINE.findall(_FENCED.sub("", text)))


@pytest.mark.parametrize("page", pages())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{page.name}: {link} has no such heading"


@pytest.mark.parametrize("page", pages())
def test_every_command_that_is_shown_exists(page: Path) -> None:
    for command in commands(page):
        arguments = [word for word in shlex.split(command.replace("...", ""))[1:] if word != "--help"]
        program = echo if arguments[:1] == [echo.name] else senter  # the example's is not installed here
        asked = CliRunner().invoke(program, [*arguments, "--help"])
        assert asked.exit_code == 0, f"{page.name}: {command}: {asked.output}"


def test_a_page_with_a_wrong_link_or_command_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    block = "```console\n$ X=1 bin/senter ask x | cat\n$ senter y\n[exit 2]\n```\n"
    page.write_text(f"# A\n[x](gone.md) [y](#a) `senter nosuch`\n{block}")
    assert list(links(page)) == ["gone.md", "#a"]
    assert list(commands(page)) == ["bin/senter ask x", "senter nosuch"]
    assert anchors(page) == {"a"}


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links(page) if link[0] != "#"]
    assert set(PAGES) - reached == set()
