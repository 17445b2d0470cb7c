"""Letters as people type them, so that they are found: ﬁ is f and i, and a hyphen that nobody sees splits no word.

What only looks alike stays: 10² is not 102, and ½ is not 1/2.
"""

from __future__ import annotations

import re
import unicodedata

# Ligatures, forms of Arabic letters, wide and half-wide forms, letters of formulas; digraphs of Croatian and Dutch.
FORMS = re.compile(
    "[\ufb00-\ufb4f\ufb50-\ufdfb\ufe70-\ufefc\uff01-\uffee\U0001d400-\U0001d7ff\u0132\u0133\u01c4-\u01cc]+"
)
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")


def as_typed(text: str) -> str:
    """The same text to a reader."""
    if text.isascii():
        return text
    text = FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), UNSEEN.sub("", text))
    return unicodedata.normalize("NFC", text)
