"""What questions are about that Senter answers itself, and what it can write in a conversation."""

from __future__ import annotations

import pytest

from senter.components.assistant.words import spelled, words
from senter.sentences import speaking


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What can you do?", "abilities"),
        ("Help", "abilities"),
        ("Who are you?", "abilities"),
        ("What did you do yesterday?", "did"),
        ("what have you been doing while I was away", "did"),
        ("What's waiting for me?", "waiting"),
        ("Is there anything that needs my approval?", "waiting"),
        ("What do I have to do?", "agenda"),
        ("What\N{RIGHT SINGLE QUOTATION MARK}s due this week?", "agenda"),
        ("Show me my to-do list", "agenda"),
        ("Which reminders do I have?", "reminders"),
        ("How long is left on my timer?", "timers"),
        ("List my goals.", "goals"),
        ("What jobs are scheduled?", "jobs"),
        ("Which folders do you know?", "folders"),
        ("What can I undo?", "undoable"),
        ("Are you ok?", "status"),
        ("status", "status"),
        ("whats left to do", "agenda"),
        ("how much time is left", "timers"),
        ("did you move it", "made"),
        ("did you read the news about bread in Sweden", ""),
        ("What does my day look like?", "briefing"),
        ("Good morning, give me my morning briefing please", "briefing"),
        ("brief me", "briefing"),
        ("whats new", "briefing"),
        ("What did I miss?", "briefing"),
        ("Show me the daily digest", "briefing"),
        ("What did you find out?", "findings"),
        ("Did you find anything new last night?", "findings"),
        ("What did you find out about bees?", ""),
        ("Write a briefing about bees", ""),
        ("Send me the digest every day", ""),
        ("Any news about bread?", ""),
        ("Please lay out next week for me", "plan"),
        ("I'd like a plan for tomorrow around my meetings", "plan"),
        ("How does my week look?", "plan"),
        ("Plan our week in Lisbon", ""),
        ("Plan the menu of the week", ""),
        ("what time is it", "clock"),
        ("What's the date today?", "clock"),
        ("what day is it", "clock"),
        ("What time is it in Tokyo?", ""),
        ("What time is the dentist?", ""),
        ("whats happening today", "agenda"),
        ("What is going on next weekend?", "agenda"),
        ("What is happening in Sudan today?", ""),
        ("When do I fly to Lisbon?", ""),
        ("Why is the sky blue?", ""),
    ],
)
def test_questions_have_topics(question: str, topic: str) -> None:
    assert words().topic_of(question) == topic


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Was kannst du alles?", "abilities"),
        ("Hilfe!", "abilities"),
        ("Was hast du gestern gemacht?", "did"),
        ("wartet etwas auf mich?", "waiting"),
        ("Was steht heute an?", "agenda"),
        ("was muss ich morgen noch machen", "agenda"),
        ("Habe ich am Freitag Zeit?", "free"),
        ("Welche Erinnerungen habe ich?", "reminders"),
        ("zeig mir meine ziele", "goals"),
        ("Wie lange läuft der Timer noch?", "timers"),
        ("Was hast du notiert?", "notes"),
        ("Läuft alles rund?", "status"),
        ("wie gehts dir", "status"),
        ("Vielen Dank!", "thanks"),
        ("Plane meine nächste Woche", "plan"),
        ("wie sieht meine Woche aus?", "plan"),
        ("Plane unsere Woche in Lissabon", ""),
        ("Wann fliege ich nach Lissabon?", ""),
        ("Warum ist der Himmel blau?", ""),
    ],
)
def test_german_questions_have_the_same_topics(question: str, topic: str) -> None:
    with speaking("de"):
        assert words().topic_of(question) == topic


def test_apostrophes_that_were_left_out_are_put_in() -> None:
    assert spelled("Whats new, and dont whatsapp me") == "What's new, and don't whatsapp me"


@pytest.mark.parametrize("text", ["help", "Goals?", "status", "agenda"])
def test_a_topic_alone_is_known_by_its_name(text: str) -> None:
    assert words().topic_alone(text)
    assert not words().topic_alone(f"{text} is a word")


@pytest.mark.parametrize(
    ("work", "by_tools"),
    [
        ("Write a haiku about rain", False),
        ("Draft a mail to Anna that I come on Friday", False),
        ("Translate this: guten Tag", False),
        ("Make a packing list for Sintra", False),
        ("Research bread ovens and write a report", True),
        ("Organise ~/Downloads", True),
        ("Sum up the amounts in expenses.csv", True),
        ("Write a summary of my contracts", True),
        ("Plan my week", True),
        ("Send an email to anna@example.org", True),
        ("please text Ana that I am late", True),
        ("could you call the dentist?", True),
        ("Send me a joke", False),
    ],
)
def test_work_that_needs_tools_is_told_from_what_is_written_at_once(work: str, by_tools: bool) -> None:
    assert bool(words().tools.search(work)) == by_tools


def test_telling_words_are_those_that_name_something() -> None:
    assert words().telling("When is my dentist appointment with Dr. Miller?") == {"dentist", "dr", "miller"}
    assert words().telling("What do I have in my calendar?") == frozenset()


@pytest.mark.parametrize(
    ("question", "writes"),
    [
        ("Can you explain recursion?", True),
        ("Could you please translate this into French?", True),
        ("Can you set alarms?", False),
        ("Can you hear me?", False),
    ],
)
def test_what_is_asked_of_whoever_answers_is_no_question_about_senter(question: str, writes: bool) -> None:
    assert bool(words().asked_to_write.search(question)) == writes
