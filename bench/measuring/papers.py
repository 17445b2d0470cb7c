"""A mix of the papers that people have, in kinds that need a parser: the same each time.

Of a hundred: 20 Word, 15 Excel (of 50 to 1,500 rows of six cells), 8 PowerPoint, 5 texts and 3 tables of LibreOffice,
2 books of 300,000 letters, 20 mails (five with a Word document attached), 2 mailboxes of 400,000 letters, 5 files of
200 address cards, 5 calendars of 300 events, 5 JSON, 10 of source code. No pictures, which would make it faster.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from tests.support.calendar_texts import calendar_text
from tests.support.office_bytes import docx, epub, open_document, paragraph, pptx, shape, word_table, xlsx

SYLLABLES = (
    "ka",
    "ro",
    "mi",
    "ten",
    "sol",
    "ver",
    "dan",
    "pli",
    "qu",
    "est",
    "or",
    "ing",
    "tion",
    "sor",
    "lam",
    "bo",
    "fi",
)
VOCABULARY = 60_000
LENGTHS = (3_000, 8_000, 20_000)
ROWS = (50, 300, 1_500)


class Language:
    """Words, the first ones frequent."""

    def __init__(self, random_numbers: random.Random) -> None:
        self.random = random_numbers
        made = ("".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 5))) for _ in range(VOCABULARY))
        self.words = list(dict.fromkeys(made))
        self._weights = list(itertools.accumulate(1 / (place + 3) for place in range(len(self.words))))

    def paragraphs(self, characters: int) -> list[str]:
        words = self.random.choices(self.words, cum_weights=self._weights, k=characters // 10)
        return [" ".join(words[start : start + 90]) for start in range(0, len(words), 90)]

    def query(self) -> str:
        frequent = self.random.sample(self.words[:200], self.random.randint(0, 2))
        rarer = self.random.sample(self.words[200:20_000], self.random.randint(2, 3))
        words = " ".join(frequent + rarer)
        return words if self.random.random() < 0.5 else f"What is the {words}?"

    def text(self) -> list[str]:
        return self.paragraphs(self.random.choice(LENGTHS))


def make_papers(folder: Path, count: int, language: Language) -> int:
    """Returns their bytes."""
    kinds = [kind for kind, share in MIX.items() for _ in range(share)]
    size_bytes = 0
    for number in range(count):
        ending, make = kinds[number % len(kinds)]
        path = folder / f"{number // 100:03}" / f"{number}.{ending}"
        path.parent.mkdir(exist_ok=True)
        size_bytes += path.write_bytes(make(language))
    return size_bytes


def _word(language: Language) -> bytes:
    rows = [language.paragraphs(60)[0].split() for _ in range(8)]
    return docx("".join(map(paragraph, language.text())) + word_table(rows), title=language.words[0])


def _excel(language: Language) -> bytes:
    rows = "".join(_row(language, row) for row in range(1, language.random.choice(ROWS)))
    return xlsx({"Costs": rows}, texts=language.words[:300], formats=["yyyy-mm-dd"])


def _row(language: Language, row: int) -> str:
    name = f'<c r="A{row}" t="s"><v>{language.random.randrange(300)}</v></c>'
    day = f'<c r="B{row}" s="1"><v>{46_000 + row}</v></c>'
    amounts = (f'<c r="{column}{row}"><v>{language.random.random() * 1_000:.2f}</v></c>' for column in "CDEF")
    return f'<row r="{row}">{name}{day}{"".join(amounts)}</row>'


def _slides(language: Language) -> bytes:
    return pptx([shape(text[:40], "title") + shape(text) for text in language.text()])


def _text(language: Language) -> bytes:
    return open_document("".join(f"<text:p>{text}</text:p>" for text in language.text()))


def _table(language: Language) -> bytes:
    cell = '<table:table-cell office:value-type="float" office:value="{:.2f}"/>'
    rows = ("".join(cell.format(language.random.random() * 1_000) for _ in range(6)) for _ in range(300))
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return open_document(f'<table:table table:name="Costs">{table}</table:table>')


def _book(language: Language) -> bytes:
    return epub([f"<h1>{text[:20]}</h1><p>{text}</p>" for text in language.paragraphs(300_000)])


def _mail(language: Language) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Anna <anna@example.org>", "kim@example.org"
    mail["Date"], mail["Subject"] = "Mon, 30 Nov 2026 10:15:00 +0100", language.words[0]
    mail.set_content("\n\n".join(language.text()))
    if language.random.random() < 0.25:
        mail.add_attachment(_word(language), maintype="application", subtype="octet-stream", filename="a.docx")
    return bytes(mail)


def _mailbox(language: Language) -> bytes:
    texts = language.paragraphs(400_000)
    return "".join(f"From a@b Mon\nSubject: {text[:30]}\nFrom: x@example.org\n\n{text}\n\n" for text in texts).encode()


def _cards(language: Language) -> bytes:
    names = language.random.sample(language.words, 200)
    card = "BEGIN:VCARD\nFN:{0}\nTEL:+49 170 1\nEMAIL:{0}@example.org\nBDAY:19800412\nEND:VCARD\n"
    return "".join(map(card.format, names)).encode()


def _calendar(language: Language) -> bytes:
    names = language.random.sample(language.words, 300)
    event = (
        "BEGIN:VEVENT\nSUMMARY:{}\nDTSTART;TZID=Europe/Berlin:20261201T103000\n"
        "DTEND;TZID=Europe/Berlin:20261201T113000\nEND:VEVENT\n"
    )
    return calendar_text(*map(event.format, names)).encode()


def _json(language: Language) -> bytes:
    names = language.random.sample(language.words, 500)
    return json.dumps([{"name": name, "amount": language.random.random(), "note": "paid"} for name in names]).encode()


def _code(language: Language) -> bytes:
    names = language.random.sample(language.words, 100)
    function = "def {}(total):\n    # {}\n    return total\n"
    return "\n".join(map(function.format, names, language.text())).encode()


MIX: dict[tuple[str, Callable[[Language], bytes]], int] = {
    ("docx", _word): 20,
    ("xlsx", _excel): 15,
    ("pptx", _slides): 8,
    ("odt", _text): 5,
    ("ods", _table): 3,
    ("epub", _book): 2,
    ("eml", _mail): 20,
    ("mbox", _mailbox): 2,
    ("vcf", _cards): 5,
    ("ics", _calendar): 5,
    ("json", _json): 5,
    ("py", _code): 10,
}
