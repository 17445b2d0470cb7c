"""Summaries and comparisons by quotation: only what stands in a source, with that source's number."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from senter.components.task_engine.contract.material import MOST_DOCUMENTS, Material, SourceText
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.offline.comparison import Comparison
from senter.components.task_engine.offline.drafting import draft, form_of, outline, review
from senter.components.task_engine.offline.extracting import about, choose, scored
from senter.components.task_engine.offline.organising import By, as_data, order_in, proposal_text, propose
from senter.components.task_engine.offline.summary import summarise
from senter.errors import ToolError
from senter.messages.goals import Source
from senter.quoting.citations import numbers_cited
from senter.quoting.grounding import problems_with, renumbered
from senter.quoting.sentences import plain, sentences
from senter.quoting.words import stem, stems

pieces = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "Bread rises because yeast makes gas. ",
            "Yeast is a fungus.\n\n",
            "# Bread\n",
            "- Salt slows yeast down.\n",
            "[1] ",
            "```\ncode\n```\n",
            "| a | b |\n",
            "In 1999 bread cost 2.50. ",
            "e.g. rye bread is dark. ",
            "\u202eevil bread text here. ",
        ]
    ),
)
texts = st.lists(pieces, max_size=12).map("".join)
materials = st.lists(texts, max_size=5).map(
    lambda found: Material.of(
        SourceText(title=f"T{place}", address=f"/d/{place}", text=text) for place, text in enumerate(found)
    )
)


def doc(text: str, title: str = "T", subject: str = "") -> SourceText:
    return SourceText(title=title, address=f"/d/{title}{subject}", text=text, subject=subject)


@given(materials, st.text(max_size=40) | st.just("bread and yeast"))
@settings(max_examples=150)
def test_a_summary_quotes_only_what_stands_in_the_source_of_that_number(material: Material, topic: str) -> None:
    found = summarise(material, topic)
    by_address = {document.address: document for document in material.documents}
    for source in found.sources:
        said = {sentence.text for sentence in sentences(by_address[source.address].text)}
        assert source.quote in said
    for quote in choose(scored(material.documents, topic), 14):
        assert quote.text in {sentence.text for sentence in sentences(material.documents[quote.document].text)}
    assert set(range(1, len(found.sources) + 1)) <= {*numbers_cited(found.text)}


@given(materials, st.text(max_size=40))
@settings(max_examples=60)
def test_nothing_chosen_is_said_twice(material: Material, topic: str) -> None:
    chosen = [quote.text for quote in choose(scored(material.documents, topic), 14)]
    assert len(chosen) == len(set(chosen))


@given(texts)
@settings(max_examples=100)
def test_sentences_are_single_printable_lines_in_order(text: str) -> None:
    found = sentences(text)
    assert [sentence.position for sentence in found] == list(range(len(found)))
    assert all(sentence.text.isprintable() and sentence.text for sentence in found)


def test_marks_code_tables_and_front_matter_are_no_sentences() -> None:
    text = (
        "---\ntitle: not this one here\n---\n# Head\n\n"
        "One **bold** [link](http://x) sentence here. Dr. Who met Fig. 3 there!\n"
        "```\nx = 1 is not a sentence\n```\n| a | b | c | d |\n"
        "* a list entry with words\n\nUnder lined\n===\nlast one [7] of them all"
    )
    found = [(sentence.text, sentence.heading) for sentence in sentences(text)]
    assert found == [
        ("One bold link sentence here.", "Head"),
        ("Dr. Who met Fig. 3 there!", "Head"),
        ("a list entry with words", "Head"),
        ("last one of them all", "Under lined"),
    ]
    assert plain("a <b>bold</b> `code` *x*") == "a bold code x"


def test_words_with_the_same_root_are_one() -> None:
    assert stem("decorators") == stem("decorator") == stem("decorating")
    assert stems("The cats of Anna's house") == stems("cat Anna house")


def test_the_topic_decides_what_is_chosen() -> None:
    material = Material.of([doc("Salt slows yeast down. Ovens need much power. Bread wants steam at first.")])
    (best, *_) = choose(scored(material.documents, "yeast"), 1)
    assert best.text == "Salt slows yeast down."


def test_a_summary_says_what_no_source_mentions_and_what_was_not_read() -> None:
    material = Material.of([doc("Yeast makes bread rise slowly.")], ["/d/gone: it is not there"])
    text = summarise(material, "yeast in Antarctica").text
    assert "No source mentions: antarctica." in text
    assert "Not read: /d/gone" in text
    assert summarise(Material(), "yeast").sources == ()


def test_a_comparison_puts_each_sentence_in_its_own_column() -> None:
    material = Material.of(
        [
            doc("Tea is a drink of leaves. Tea has less caffeine than many drinks.", "a", "Tea"),
            doc("Coffee is a drink of beans. Coffee has much caffeine in it.", "b", "Coffee"),
        ]
    )
    table = Comparison(material).table()
    rows = {row.split("|")[1].strip(): row.split("|")[2:4] for row in table.text.splitlines() if row.startswith("| **")}
    assert rows["**What it is**"][0].strip() == "Tea is a drink of leaves. [1]"
    assert rows["**caffeine**"][1].strip() == "Coffee has much caffeine in it. [2]"
    conclusion = Comparison(material).conclusion(table)
    assert conclusion.sources[: len(table.sources)] == table.sources
    assert "caffeine" in conclusion.text.partition("**Conclusion**")[2]


@given(materials)
@settings(max_examples=50)
def test_comparing_never_raises(material: Material) -> None:
    halves = [
        document.model_copy(update={"subject": ("bread", "yeast", "a|b")[place % 3]})
        for place, document in enumerate(material.documents)
    ]
    comparison = Comparison(Material.of(halves), "gas")
    assert comparison.conclusion(comparison.table()).text


def test_citations_and_figures_without_ground_are_found() -> None:
    documents = [doc("Bread costs 2.50 since 1999."), doc("Yeast is alive.", "U")]
    assert problems_with("It costs 2.50 [1]. Yeast lives [2].", documents) == []
    assert problems_with("1. It costs 2.50 [1, 2].", documents) == []
    assert problems_with("It costs much.", documents) == ["it cites no source"]
    assert problems_with("It costs 2.50 [3].", documents) == ["there is no source [3]"]
    assert problems_with("It costs 3.75 [1].", documents) == ["no source has the figure 3.75"]
    found = renumbered("Yeast [2]. Bread [1][9]. Yeast [2].", documents)
    assert found.text == "Yeast [1]. Bread [2]. Yeast [1]."
    assert [source.title for source in found.sources] == ["U", "T"]


def test_a_draft_follows_its_outline_and_says_what_is_left_to_write() -> None:
    material = Material.of([doc("Bread is baked dough. Bread needs yeast to rise.", "Baking")])
    plan = outline("essay", "bread", material)
    written = draft(plan, material)
    assert "Bread is baked dough. [1]" in written.text
    assert "(to be filled in: what follows from it)" in written.text
    assert outline("email", "bread", material).sections[0].title == "Greeting"
    assert form_of("Outline: blog post about the tea about China") == "blog post"


def test_a_review_finds_what_a_machine_can_find() -> None:
    plan = outline("essay", "bread", Material())
    text = "## Introduction\n\nBread is good for you. Bread is good for you. [Your name] [7]\n\n## Main part\n\nx"
    found = " ".join(review(text, plan, 1))
    for expected in ("[Your name]", "more than once", "no source [7]", "'Conclusion' is not there"):
        assert expected in found


def test_a_long_text_is_cut_to_the_paragraphs_about_the_topic() -> None:
    paragraphs = [f"Paragraph {number} about nothing. " + "x " * 300 for number in range(60)]
    paragraphs[40] = "Only here yeast is explained."
    text = "\n\n".join(paragraphs)
    cut = about(text, "yeast")
    assert "yeast is explained" in cut
    assert len(cut) <= 12_000
    assert len(about("x" * 50_000, "yeast")) == 12_000


def test_material_comes_from_whatever_the_tasks_before_left() -> None:
    source = Source(title="S", address="/s", quote="A quote.")
    inputs = {
        0: TaskOutput("Only the blue one.", {}, (), (), True),
        1: TaskOutput("text", {"material": {"documents": [doc("Deep.").model_dump()]}}, (), (), False),
        2: TaskOutput("text", {}, (source,), (), False),
        3: TaskOutput("text", {"material": "nonsense"}, (), (), False),
        4: TaskOutput("", {}, (), (), False),
    }
    found = [(document.title, document.text) for document in Material.from_inputs(inputs).documents]
    assert found == [("What you said", "Only the blue one."), ("T", "Deep."), ("S", "A quote."), ("Task 3", "text")]
    many = (doc("x", str(number)) for number in range(100))
    assert len(Material.of(many).documents) == MOST_DOCUMENTS


def test_files_are_proposed_by_kind_and_strange_names_stay() -> None:
    entries: list[JsonValue] = [{"name": name} for name in ("a.pdf", "b.JPG", "c", "../x.pdf", ".x")]
    order = propose("/f", {"entries": [*entries, {"name": "d", "is_folder": True}]})
    assert order.into == {"Documents": ["a.pdf"], "Images": ["b.JPG"], "Other": ["c"]}
    assert order_in(as_data(order)) == order
    assert not propose("/f", {"entries": [{"name": "a.pdf"}, {"name": "b.pdf"}]}).into
    for no_listing in ({}, {"entries": "nonsense"}):
        with pytest.raises(ToolError, match="No list of the folder's files"):
            propose("/f", no_listing)
    assert order_in({"order": {"folder": 1}}) is None


def test_files_are_proposed_by_when_they_were_changed_and_what_was_not_looked_at_is_told() -> None:
    entries: list[JsonValue] = [
        {"name": "a.pdf", "modified_at": "2026-11-02T10:00:00+00:00"},
        {"name": "b.pdf", "modified_at": "2025-01-31T10:00:00+00:00"},
    ]
    listing: dict[str, JsonValue] = {"entries": entries, "more": 7}
    assert propose("/f", listing, By.MONTH).into == {"2025-01": ["b.pdf"], "2026-11": ["a.pdf"]}
    assert propose("/f", listing, By.YEAR).into == {"2025": ["b.pdf"], "2026": ["a.pdf"]}
    assert "7 more entries were not looked at" in proposal_text(propose("/f", listing, By.YEAR))


def test_citations_in_a_source_are_not_taken_for_the_summarys_own() -> None:
    material = Material.of([doc("The yeast study [7] was short and bad.")])
    found = summarise(material, "yeast")
    assert "The yeast study was short and bad. [1]" in found.text
