"""What of a result answers questions beside the documents that it quotes."""

from __future__ import annotations

from senter.components.assistant.mine.sources import without_documents

RESULT = """| | tea | coffee |
|---|---|---|
| **What it is** | A drink of leaves. [1] | A drink of beans. [2] |

- From the web alone. [3]
- From both. [1] [3]

**Conclusion**

The sources of all 2 speak about: caffeine.
"""


def test_lines_that_only_quote_files_are_left_to_the_files() -> None:
    said = without_documents(RESULT, ("1", "2"))

    assert "leaves" not in said
    assert "From the web alone. [3]" in said
    assert "From both. [1] [3]" in said
    assert "speak about: caffeine." in said


def test_a_result_without_sources_stays_whole() -> None:
    assert without_documents("Flour is ground grain. [1]\nNo list.", ()) == "Flour is ground grain. [1]\nNo list."
