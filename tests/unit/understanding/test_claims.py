"""No claim of an action passes: exchanges with models that lie, whatever pieces they come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from senter.messages.acts import Receipt, ThingKind
from senter.understanding.claims.features import AskedFor
from senter.understanding.claims.grammar import CLAIM, NO_CLAIM, grammar
from senter.understanding.claims.guard import ClaimGuard
from senter.understanding.claims.sentences import LONGEST_SENTENCE, LOOKED_AHEAD
from senter.understanding.classifier import classifier, decoded
from training.claimed import Exchange, by_hand, claims_in, is_claim, made_from
from training.train import claims_model

MOM = Receipt(
    kind=ThingKind.REMINDER,
    id="12",
    title="call mom",
    done="Reminder 12: call mom, Mon 30 Nov 2026, 09:00, Europe/Berlin",
)
# Claims that pass; each has to be in the exchanges.
MISSED = {
    "Boris accepted.",
    "The blinds are closing.",
    "The contract was concluded at 199 a month.",
    "The letter has been posted.",
    "The radio is now tuned to classical.",
}
EXCHANGES = tuple(by_hand())
LIES = [exchange for exchange in EXCHANGES if exchange.lies]
TRUE = [exchange for exchange in EXCHANGES if not exchange.lies]


def guarded(asked: str, pieces: Iterable[str], receipts: tuple[Receipt, ...] = ()) -> str:
    guard = ClaimGuard(asked, receipts)
    return "".join([*map(guard.take, pieces), guard.end()])


def test_no_claim_passes() -> None:
    passed = {claim for lie in LIES for claim in lie.lies if claim in guarded(lie.asked, lie.answer)}
    assert passed == MISSED


def test_each_answer_with_a_claim_says_what_is_true_once() -> None:
    truths = [truth.says.lower() for truth in grammar().truths]
    for lie in LIES:
        if lie.lies[0] not in MISSED:
            shown = guarded(lie.asked, [lie.answer]).lower()
            assert sum(shown.count(truth) for truth in truths) == 1, lie


def test_claims_in_words_that_were_not_learned_are_found() -> None:
    """Each fourth question or answer is left out of what is learned, and then asked."""
    exchanges = [*{(each.together, each.answer): each for each in EXCHANGES}.values()]
    together = frozenset(sorted({exchange.together for exchange in exchanges})[::4])
    learned = [exchange for exchange in exchanges if exchange.together not in together]
    model, found = decoded(claims_model(learned)), Counter[tuple[str, bool]]()
    for exchange in exchanges:
        if exchange.together in together:
            for example in claims_in(exchange):
                found[example.label, is_claim(exchange, example, model)] += 1
    assert found[CLAIM, False] < 0.05 * found[CLAIM, True]
    assert found[NO_CLAIM, True] < 0.1 * found[NO_CLAIM, False]


def test_the_weights_are_those_of_the_exchanges() -> None:
    """Where this fails, run bin/train --claims."""
    assert classifier("claims").made_from == made_from(EXCHANGES)


def test_what_claims_nothing_passes_as_it_is() -> None:
    """But for one answer in thirty: the exchanges are those that mislead."""
    changed = {true.asked for true in TRUE if guarded(true.asked, true.answer) != true.answer}
    assert len(changed) * 30 < len(TRUE), changed


@settings(max_examples=60, deadline=None)
@given(exchange=st.sampled_from(EXCHANGES), data=st.data())
def test_pieces_make_no_difference(exchange: Exchange, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(exchange.answer)), max_size=8).map(sorted))
    pieces = [exchange.answer[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True)]
    assert guarded(exchange.asked, pieces) == guarded(exchange.asked, [exchange.answer])


ANYTHING = st.lists(
    st.sampled_from(
        ["I", "'ve", " set", " a ", "reminder", ".", "!", "\n", "- ", '"', "“", "”", "`", "```", "*", "e.g."]
    )
    | st.text(max_size=6),
    max_size=120,
).map("".join)


@settings(max_examples=150, deadline=None)
@example(text="IIIIIIIIIIIIIIIII;I", size=1, asked="")
@example(text="IIIIIIIIIIIIIIIIII\n set", size=2, asked="")
@given(text=ANYTHING, size=st.integers(1, 40), asked=st.sampled_from(["", "What is it?", "Remind me", "Write a mail"]))
def test_pieces_make_no_difference_to_any_text(text: str, size: int, asked: str) -> None:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert guarded(asked, pieces) == guarded(asked, [text])


def test_text_passes_at_once_where_no_word_can_begin_a_claim() -> None:
    guard = ClaimGuard("What is the capital of Australia?")
    assert [guard.take(piece) for piece in ("The", " capital", " of Aus", "tralia is")] == [
        "The",
        " capital",
        " of Aus",
        "tralia is",
    ]


def test_a_sentence_is_held_from_the_word_that_can_begin_a_claim() -> None:
    guard = ClaimGuard("What is the capital of Australia?")
    assert guard.take("Canberra. I") == "Canberra. "[:-1]
    assert guard.take("'ve booked you a") == ""
    assert guard.take(" flight. It is").startswith(" Nothing was booked")


@pytest.mark.parametrize("asked", ["one", "My day was long.", "omelette recipe", "Thanks!"])
def test_talk_streams_as_what_is_known_does(asked: str) -> None:
    guard = ClaimGuard(asked)
    assert [guard.take(piece) for piece in ("The", " kitchen", " is")] == ["The", " kitchen", " is"]


@pytest.mark.parametrize("asked", ["one", "two", "Hello!", "omelette recipe", "And in French?", "How does it work?"])
@pytest.mark.parametrize(
    "answer",
    [
        "You said: one",
        "I've found that most people learn faster in the morning.",
        "Add the eggs, set the oven to 180 degrees, and move the tray to the middle.",
        "I've added comments so that the code is easier to read.",
        "I'll explain it with an example: 2 + 3 = 5.",
        "I can remind you of it if you like.",
        "If you tell me when, I'll set a reminder.",
        "I can't set reminders from here.",
        "The meeting was moved to Vienna in 1815.",
        "The shop will send you a mail when the order has been shipped.",
    ],
)
def test_honest_talk_passes_whatever_was_asked(asked: str, answer: str) -> None:
    assert guarded(asked, answer) == answer


@pytest.mark.parametrize("asked", ["one", "Hello!", "How does it work?", "Remind me to call mom"])
@pytest.mark.parametrize(
    "answer",
    [
        "Consider it done!",
        "All set ✅",
        "No problem, it's in your calendar.",
        "You'll get a notification at 9.",
        "Senter will ping you at 9.",
        "Setting that up now.",
        "Your table is booked.",
        "The mail is out.",
        "I'll explain why, and I've booked it.",
        "Remember to breathe, your taxi is ordered.",
    ],
)
def test_a_claim_does_not_pass_whatever_was_asked(asked: str, answer: str) -> None:
    assert answer not in guarded(asked, answer)


@pytest.mark.parametrize(
    ("asked", "wants"),
    [
        ("one", AskedFor.TELLING),
        ("omelette recipe", AskedFor.TELLING),
        ("my cat is ill", AskedFor.TELLING),
        ("Feed the cat", AskedFor.DEED),
        ("Every Monday at 8 send me the figures", AskedFor.DEED),
        ("Did you send it?", AskedFor.DEED),
        ("Why do cats purr?", AskedFor.KNOWLEDGE),
        ("Write a poem about rain", AskedFor.KNOWLEDGE),
    ],
)
def test_what_a_text_asks_for(asked: str, wants: AskedFor) -> None:
    assert grammar().asked_for(grammar().plain(asked)) is wants


def test_a_word_that_cannot_begin_a_claim_any_more_is_let_go_before_its_sentence_ends() -> None:
    guard = ClaimGuard("Is tea healthy?")
    assert guard.take("I") == ""
    assert guard.take(" think tea") == "I think tea"


def test_a_sentence_without_an_end_is_held_no_longer_than_a_long_one() -> None:
    guard = ClaimGuard("What?")
    text = "You have " + "words and " * 200
    held = max(len(text[:end]) - len(shown) for end, shown in _shown_so_far(guard, text))
    assert held <= LONGEST_SENTENCE + LOOKED_AHEAD + 1


def _shown_so_far(guard: ClaimGuard, text: str) -> Iterable[tuple[int, str]]:
    shown = ""
    for at, letter in enumerate(text, 1):
        shown += guard.take(letter)
        yield at, shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Reminder 12 is set for Monday at 9.", "Reminder 12 is set for Monday at 9."),
        ("I've set a reminder for nine.", f"{MOM.done}."),
        ("Done! I've set it.", f"{MOM.done}."),
        ("I have set reminder 12 for 10:30.", f"{MOM.done}."),
        ("I've set a reminder. I've set a reminder.", f"{MOM.done}."),
    ],
)
def test_what_was_done_is_told_by_its_id(said: str, shown: str) -> None:
    assert guarded("Remind me to call mom on Monday at 9", [said], (MOM,)) == shown


def test_what_was_done_proves_nothing_else() -> None:
    shown = guarded("Remind me to call mom", ["Reminder 12 is set for 9. I've also emailed Anna."], (MOM,))
    assert shown.startswith("Reminder 12 is set for 9. Nothing was sent")
    assert "emailed Anna" not in shown


def test_a_draft_is_the_persons_own_but_what_is_said_of_it_is_not() -> None:
    letter = "Dear Anna,\n\nI have booked a table and I'll call you.\n\nBest regards,\nTom"
    asked = "Write a mail to Anna"
    assert guarded(asked, letter) == letter
    shown = guarded(asked, [f"Here it is:\n\n{letter}\n\nI've sent this email to Anna."])
    assert letter in shown
    assert "I've sent" not in shown


def test_code_is_left_alone() -> None:
    code = '```python\nprint("Done!")  # I have set the alarm\nset_alarm()\n```\n'
    assert guarded("Set an alarm in Python", code) == code


@pytest.mark.parametrize(
    "said", ["I\u2019ve set a reminder.", "I\u200b've set\u00a0a reminder.", "**I've** _set_ a reminder."]
)
def test_signs_do_not_hide_a_claim(said: str) -> None:
    assert guarded("Why?", [said]).endswith("tomorrow at 9.”")


def test_a_claim_of_a_list_takes_its_items_along() -> None:
    shown = guarded("Why?", ["Because.\nHere is what I did:\n- Set a reminder\n- Emailed Anna\n\nBye."])
    assert "Emailed" not in shown
    assert shown.startswith("Because.")
    assert shown.endswith("\n\nBye.")


def test_a_claim_whose_beginning_was_shown_is_taken_back_in_its_own_sentence() -> None:
    shown = guarded("What is 2 + 2?", "It makes 4. The reminder has been set.")
    assert shown.startswith("It makes 4. The model claimed something here that was not done. No reminder was set.")
