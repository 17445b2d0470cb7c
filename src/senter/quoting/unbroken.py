"""Writing without spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese. Pure.

There is no dictionary here: texts are indexed letter by letter, and looked for by runs of letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LETTER = (
    "\u0e01-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
_ONE = re.compile(f"[{_LETTER}]")
_RUN = re.compile(f"[{_LETTER}]+")
_BETWEEN = re.compile(f"(?<=[{_LETTER}]) (?=[{_LETTER}])")
_KANA = re.compile("[\u3040-\u309f]+")
"""What Japanese writes its endings and particles with."""
_SMALL = re.compile(
    "什么时候|什麼時候|什么|什麼|多少|哪里|哪裡|哪个|哪個|谁的|谁|誰|怎么|怎麼|为什么|為什麼|是不是|有没有|几个|幾個|"
    "我的|我们|我們|你的|的|了|吗|嗎|呢|是|在|我|你|们|們|何時|いつ|เมื่อไหร่|เมื่อไร|เท่าไหร่|เท่าไร|อะไร|ที่ไหน|ใคร|ของฉัน|ของ"
)
SHORT = 3
"""Letters of a run that is looked for whole."""


def is_unbroken(text: str) -> bool:
    return not text.isascii() and _ONE.search(text) is not None


def spaced(text: str) -> str:
    """With a space around each of these letters, so that each is a word of its own to an index."""
    return _ONE.sub(r" \g<0> ", text) if is_unbroken(text) else text


def unspaced(text: str) -> str:
    """As it was before `spaced`, for people."""
    return _BETWEEN.sub("", re.sub(" {2,}", " ", text)) if is_unbroken(text) else text


def runs_of(word: str) -> tuple[str, ...]:
    """What to look for of it: short runs whole, of long ones each two letters; what only asks is left out."""
    if not is_unbroken(word):
        return (word,)
    bare = _KANA.sub(" ", _SMALL.sub(" ", word))
    found = tuple(dict.fromkeys(each for run in _runs(bare) for each in _looked_for(run)))
    return found or (word,)


def _runs(text: str) -> Iterator[str]:
    return (found.group() for found in _RUN.finditer(text))


def _looked_for(run: str) -> Iterator[str]:
    if len(run) <= SHORT:
        yield run
    else:
        yield from (run[place : place + 2] for place in range(len(run) - 1))
