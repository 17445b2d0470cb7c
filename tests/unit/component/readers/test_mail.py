"""Mail, with what is attached to it."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from senter.component.kinds import FileKind
from senter.component.readers import reading
from senter.errors import Unreadable
from tests.support.office_bytes import xlsx


def mail(subject: str, body: str, charset: str = "utf-8") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Anna <anna@example.org>"
    message["To"] = "kim@example.org"
    message["Date"] = "Mon, 30 Nov 2026 10:15:00 +0100"
    message["Subject"] = subject
    message.set_content(body, charset=charset)
    return message


def text(message: EmailMessage) -> str:
    return reading.read(bytes(message), FileKind.EML).text()


def test_a_mail_says_who_when_and_what_with_the_text_of_its_attachments() -> None:
    message = mail("Größe", "Hello Kim,\nsee below.\n")
    message.add_alternative("<p>Hello <b>Kim</b></p>", subtype="html")
    costs = xlsx({"Costs": "<row><c><v>850</v></c></row>"})
    message.add_attachment(costs, maintype="application", subtype="octet-stream", filename="costs.xlsx")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="photo.png")
    lines = reading.read(bytes(message), FileKind.EML)
    assert lines.title == "Größe"
    assert (
        lines.text().split("\n")
        == [
            "# Größe",
            "From: Anna <anna@example.org>",
            "To: kim@example.org",
            "Date: Monday 30 November 2026, 10:15 (2026-11-30)",
            "",
            "Hello Kim,",
            "see below.",
            "",
            "Attachments: costs.xlsx, photo.png",
            "",
            "# costs.xlsx",
            "",
            "# Costs",
            "850",
        ]
        or lines.text()
    )


def test_mail_without_plain_text_is_read_as_the_page_it_is() -> None:
    message = EmailMessage()
    message["Subject"] = "News"
    message.set_content("<style>p {}</style><p>Sale</p><p>today</p>", subtype="html")
    assert text(message).split("\n") == ["# News", "", "Sale", "today"]


def test_a_mail_in_a_mail_is_read_to_a_depth_and_then_named() -> None:
    message = mail("inner 0", "deep text 0")
    for depth in range(1, 7):
        outer = mail(f"inner {depth}", f"deep text {depth}")
        outer.add_attachment(message)
        message = outer
    found = text(message)
    assert "deep text 2" in found
    assert "deep text 1" not in found
    assert "(inner 1 is not opened: it is nested too deeply.)" in found


def test_a_thousand_nested_mails_end_with_a_reason() -> None:
    inner = b"Subject: x\n\ndeep"
    for _ in range(1_000):
        inner = b"Content-Type: message/rfc822\nSubject: y\n\n" + inner
    with pytest.raises(Unreadable, match="nested too deeply"):
        reading.read(inner, FileKind.EML)


def test_a_broken_attachment_costs_only_itself() -> None:
    message = mail("Papers", "see")
    message.add_attachment(b"nothing", maintype="application", subtype="pdf", filename="bad.docx")
    message.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="good.csv")
    found = text(message)
    assert "(bad.docx is not read. It is damaged, or not of the kind that its name says.)" in found
    assert "# good.csv\na,b\n1,2" in found


def test_text_behind_a_picture_and_an_invitation_are_read() -> None:
    message = mail("Meeting", "Before.")
    message.add_alternative("<p>Before.</p>", subtype="html")
    calendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Talk\nDTSTART:20261201T103000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    message.add_alternative(calendar, subtype="calendar")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    message.add_attachment("After.", disposition="inline")
    found = text(message)
    assert "\nBefore.\nAfter.\n\nAttachments: attachment, a.png" in found
    assert "Talk: Tuesday 1 December 2026, 10:30, UTC" in found
    assert found.count("Before.") == 1


def test_an_attachment_that_a_parser_stumbles_over_costs_only_itself() -> None:
    message = mail("Papers", "see")
    message.add_attachment(b"%PDF-1.7 nothing", maintype="application", subtype="pdf", filename="bad.pdf")
    assert "see" in text(message)
    assert "(bad.pdf is not read. The pdf cannot be parsed: " in text(message)


def test_old_letters_are_read_whether_the_mail_names_them_or_not() -> None:
    assert "Käse" in text(mail("x", "Käse", "iso-8859-1"))
    unnamed = b"Subject: x\nContent-Type: text/plain; charset=nonsense\n\n" + "Käse für Müller".encode("cp1252")
    assert "Käse für Müller" in reading.read(unnamed, FileKind.EML).text()


def test_a_mailbox_has_each_mail_as_a_section() -> None:
    box = b"".join(b"From anna@x Mon\n" + bytes(mail(name, "From here on\n\nFrom: me")) + b"\n" for name in ("A", "B"))
    found = reading.read(box, FileKind.MBOX).text()
    assert [line for line in found.splitlines() if line.startswith("# ")] == ["# A", "# B"]
