"""Thoughts are taken out of an answer wherever its pieces are cut; words about tags stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.components.models.held import StopWords
from senter.components.models.thinking import Hold, ThoughtFilter, likely_thinks_aloud

HOLDS: tuple[Hold, ...] = ("nothing", "musings", "all")


def cut_at(text: str, places: list[int]) -> list[str]:
    ends = [*sorted({place for place in places if place < len(text)}), len(text)]
    return [text[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def shown(pieces: list[str], *, hold: Hold = "nothing", cut: bool = False) -> str:
    """What stands at the end, as somebody has it who heeds what is said to be void."""
    thoughts, text = ThoughtFilter(hold=hold), ""
    for piece in pieces:
        certain = thoughts.feed(piece)
        text = certain if thoughts.voided else text + certain
        thoughts.voided = False
    return text + thoughts.finish(cut=cut)


ANSWERS = [
    ("Hello.", "Hello."),
    ("\nHello.", "\nHello."),
    ("<think>\nHm.\n</think>\n\nHello.", "Hello."),
    ("  <THINK>Hm.</Think>Hello.", "Hello."),
    ("<think></think>\nHello.", "Hello."),
    ("<thinking>Hm.</thinking>\nHello.", "Hello."),
    ("<thought>Hm.</thought>Hello.", "Hello."),
    ("<reasoning>Hm.</reasoning>Hello.", "Hello."),
    ("[THINK]Hm.[/THINK]Hello.", "Hello."),
    ("◁think▷Hm.◁/think▷Hello.", "Hello."),
    ("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Hello.", "Hello."),
    ("<think>One.</think>\n<think>Two.</think>\nHello.", "Hello."),
    ("Hello <think>Hm.</think>there.", "Hello there."),
    ("The user greets.\n</think>\n\nHello.", "Hello."),
    ("He says 'hi'</think>Hello.", "Hello."),
    ("<think>One.</think>Two.</think>Hello.", "Hello."),
    ("<think>İstanbul</think>Hello.", "Hello."),
    ('<think>{"a": 1}</think>{"b": 2}', '{"b": 2}'),
    ("<think>Hm.", ""),
    ("Write `<think>` before and `</think>` after.", "Write `<think>` before and `</think>` after."),
    ("Write '<think>' before.", "Write '<think>' before."),
    ("```xml\n<think>Hm.</think>\n```", "```xml\n<think>Hm.</think>\n```"),
    ("The tag <think> begins thoughts.", "The tag <think> begins thoughts."),
    ("Use <reasoning>why</reasoning> here.", "Use <reasoning>why</reasoning> here."),
    ("1 < 2, <b>bold</b> and [link](x)", "1 < 2, <b>bold</b> and [link](x)"),
    ("Ends in <th", "Ends in <th"),
    ("Said </thought> alone", "Said </thought> alone"),
]


@pytest.mark.parametrize(("said", "answer"), ANSWERS)
@pytest.mark.parametrize("hold", HOLDS)
def test_thoughts_are_taken_out_and_nothing_else(said: str, answer: str, hold: Hold) -> None:
    assert shown([said], hold=hold) == answer
    assert shown(list(said), hold=hold) == answer


@given(st.sampled_from(ANSWERS), st.lists(st.integers(0, 90), max_size=8), st.sampled_from(HOLDS))
def test_it_does_not_matter_where_an_answer_is_cut(one: tuple[str, str], places: list[int], hold: Hold) -> None:
    said, answer = one
    assert shown(cut_at(said, places), hold=hold) == answer


def test_what_was_cut_off_in_thoughts_in_the_middle_of_an_answer_is_thought() -> None:
    assert shown(["Hello. <think>And now"], cut=True) == "Hello. "


@given(st.sampled_from(ANSWERS), st.lists(st.integers(0, 90), max_size=8))
def test_what_is_held_back_is_never_void(one: tuple[str, str], places: list[int]) -> None:
    thoughts = ThoughtFilter(hold="all")
    if one[0].count("</think>") < 2:
        for piece in cut_at(one[0], places):
            thoughts.feed(piece)
            assert not thoughts.voided


@pytest.mark.parametrize("begins", ["The user greets.", "Okay, so", "Hmm. ", "Let me see.", "We need to"])
def test_what_sounds_like_thinking_is_held_back_from_a_model_never_heard(begins: str) -> None:
    thoughts = ThoughtFilter(hold="musings")
    assert [thoughts.feed(piece) for piece in (begins[:3], begins[3:], " More.")] == ["", "", ""]
    assert thoughts.feed("</think>Hello.") == "Hello."
    assert not thoughts.voided


def test_what_does_not_is_shown_at_once() -> None:
    thoughts = ThoughtFilter(hold="musings")
    assert [thoughts.feed(piece) for piece in ("The", " model", " is")] == ["", "The model", " is"]


def test_an_answer_that_only_sounds_like_thinking_is_shown_at_its_end() -> None:
    assert shown(["Okay, ", "here it is."], hold="musings") == "Okay, here it is."


def test_thoughts_with_a_place_of_their_own_end_the_holding_back() -> None:
    thoughts = ThoughtFilter(hold="all")
    assert thoughts.feed("Hel") == ""
    assert thoughts.release() == "Hel"
    assert thoughts.feed("lo") == "lo"


@pytest.mark.parametrize(
    "name", ["deepseek-r1:7b", "DeepSeek-R1-Distill-Qwen-7B", "qwq:32b", "Qwen3-8B", "magistral", "GLM-4.6"]
)
def test_names_of_models_that_think(name: str) -> None:
    assert likely_thinks_aloud(name)


@pytest.mark.parametrize(
    "name", ["llama3.2:latest", "gpt-5", "qwen2.5:14b", "Qwen3-4B-Instruct-2507", "smollm2", "qwen3-coder:30b", "glm-4"]
)
def test_names_of_models_that_do_not(name: str) -> None:
    assert not likely_thinks_aloud(name)


@given(st.text("abEND#", max_size=30), st.lists(st.integers(0, 30), max_size=8))
def test_stop_words_are_found_wherever_a_text_is_cut(text: str, places: list[int]) -> None:
    stops = StopWords(["END", "##"])
    ended = "".join(map(stops.feed, cut_at(text, places))) + stops.finish()
    found = [place for word in ("END", "##") if (place := text.find(word)) >= 0]
    assert ended == text[: min(found, default=len(text))]
    assert stops.found == bool(found)
