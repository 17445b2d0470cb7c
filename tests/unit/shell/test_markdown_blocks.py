from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from senter.shell.markdown_blocks import BlockSplitter

TEXT = """# Title

A paragraph
of two lines.

- one

- two

  more of two

Then code:

```python
a = 1

b = 2
```

1. first
2. second

The end."""
BLOCKS = [
    "# Title",
    "A paragraph\nof two lines.",
    "- one\n\n- two\n\n  more of two",
    "Then code:",
    "```python\na = 1\n\nb = 2\n```",
    "1. first\n2. second",
    "The end.",
]


def blocks_of(pieces: list[str]) -> list[str]:
    splitter = BlockSplitter()
    found = [block for piece in pieces for block in splitter.take(piece)]
    return [*found, splitter.finish()]


@given(st.lists(st.integers(0, len(TEXT)), max_size=40))
def test_blocks_are_the_same_however_the_text_comes_in_pieces(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(TEXT)]
    assert blocks_of([TEXT[a:b] for a, b in pairwise(places)]) == BLOCKS


@given(st.lists(st.sampled_from(["a", "\n", "\n\n", "- x", "```", "    ", "1.", " ", "~~~", "é"]), max_size=30))
def test_nothing_is_lost_or_added(pieces: list[str]) -> None:
    def words(text: str) -> str:
        return "".join(text.split())

    assert words("".join(blocks_of(pieces))) == words("".join(pieces))


def test_a_block_is_given_as_soon_as_the_next_has_begun() -> None:
    splitter = BlockSplitter()
    assert splitter.take("One.\n") == []
    assert splitter.take("\n") == []
    assert splitter.take("Two") == ["One."]


def test_code_that_is_open_is_kept_together() -> None:
    splitter = BlockSplitter()
    assert splitter.take("```\na\n\nb\n\nc\n") == []
    assert splitter.take("```\n\nAfter") == ["```\na\n\nb\n\nc\n```"]
