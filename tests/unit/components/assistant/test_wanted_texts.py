"""Mails and packing lists: who wants one, what must stand in it, and what is made without a model."""

from __future__ import annotations

import pytest

from senter.components.assistant.wanted_texts import Mail, PackingList, wanted_text
from senter.sentences import speaking


def mail(request: str) -> Mail:
    wanted = wanted_text(request)
    assert isinstance(wanted, Mail)
    return wanted


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ("Please draft an e-mail to Ms Vogel about the roof", Mail),
        ("could you write a short letter to the bank", Mail),
        ("message for Ida: the key is under the mat", Mail),
        ("packing list for ten days in Iceland", PackingList),
        ("Put together a packing list for the kids", PackingList),
        ("what should I pack for Rome", PackingList),
        ("Where is my packing list from last year?", type(None)),
        ("Write a poem about a letter box", type(None)),
        ("Did Anna write me a mail?", type(None)),
        ("Remind me to write a mail to Anna", type(None)),
        ("Note that we need a packing list for Rome", type(None)),
    ],
)
def test_who_asks_for_a_text_is_known(request_: str, kind: type) -> None:
    assert type(wanted_text(request_)) is kind


@pytest.mark.parametrize(
    ("request_", "subject", "greeting", "says"),
    [
        (
            "Draft an e-mail to Ms Vogel that the roof leaks",
            "The roof leaks",
            "Ms Vogel",
            "I would like to let you know that the roof leaks.",
        ),
        ("mail to ida: the key is under the mat", "The key is under the mat", "Ida", "The key is under the mat."),
        ("write a letter to the bank", "[subject]", "[name: the bank]", "[what it is to say]"),
    ],
)
def test_a_plain_mail_says_what_is_said_and_marks_what_is_missing(
    request_: str, subject: str, greeting: str, says: str
) -> None:
    text = mail(request_).plain()
    assert text.split("\n\n") == [f"Subject: {subject}", f"Dear {greeting},", says, "Kind regards\n[your name]"]


def test_a_mail_of_which_only_the_subject_is_said_says_so_and_is_signed() -> None:
    text = wanted_text("draft a mail to the landlord about the heating", "Jonas")
    assert text
    assert text.plain().splitlines() == [
        "Subject: The heating",
        "",
        "Dear [name: the landlord],",
        "",
        "I am writing to you about the heating. [Say here what there is to say about it, and what you ask for.]",
        "",
        "Kind regards",
        "Jonas",
    ]


def test_a_mail_holds_the_names_and_figures_of_the_request() -> None:
    wanted = mail("Draft a mail to ida that we meet on Thursday at 15:30")
    assert wanted.holds("Dear Ida, we meet on Thursday at 15:30.")
    assert not wanted.holds("Dear Ida, we meet on Thursday.")
    assert not wanted.holds("Dear Ida, we meet on Thursday at 15:30 in room 7.")
    assert not wanted.holds("Dear Eva, we meet on Thursday at 15:30.")


def test_a_packing_list_has_what_the_journey_needs() -> None:
    camping, plain = wanted_text("packing list for camping"), wanted_text("packing list for Rome")
    assert camping
    assert plain
    assert "- tent" in camping.plain().splitlines()
    assert "- tent" not in plain.plain().splitlines()
    assert plain.holds(plain.plain())
    assert not plain.holds("Take what you need.")


def test_a_mail_and_a_list_are_written_in_the_language_that_is_spoken() -> None:
    with speaking("de"):
        mail = wanted_text("schreib mir eine Mail an Herrn Krause, dass der Aufzug kaputt ist", "Lena")
        to_landlady = wanted_text("Schreib eine Mail an meine Vermieterin wegen der Heizung")
        packing = wanted_text("mach mir eine Packliste für den Strandurlaub")

    with speaking("de"):
        assert mail
        assert "Guten Tag Herr Krause,\n\nich möchte mitteilen, dass der Aufzug kaputt ist." in mail.plain()
        assert to_landlady
        assert "Guten Tag [Name: meine Vermieterin]," in to_landlady.plain()
        assert packing
        assert "- Badesachen" in packing.plain()
