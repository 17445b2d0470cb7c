"""Papers and a calendar as a person has them, written anew: contracts, decisions, invoices, expenses, a journey.

The answers to the questions of `tests/sets/fifteen.jsonl` stand in them. The calendar begins on the day it is written.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.support import calendar_texts

CALENDAR_HOUR = 17
DAYS_OF_CALENDAR = (
    "Parents' evening",
    "Piano lesson",
    "Call with Northwind",
    "Physiotherapy",
    "Dinner with Ben",
    "Flea market",
    "Choir rehearsal",
    "Car inspection",
)
"""What is entered for today, for tomorrow, and so on."""

PAPERS = {
    "contracts/rental-contract.md": """# Rental contract for the flat at 8 Linden Street

Landlady: Hilde Brandt. Tenants: the Albrecht family.

The rent is 1,240 euros a month, due on the third working day. The deposit is 3,720 euros.

The notice period is three months to the end of a month. Notice is given in writing.

Pets: one cat is allowed. Dogs are not allowed. A second cat needs the landlady's consent.

Subletting needs the landlady's written consent.
""",
    "contracts/employment-contract.md": """# Employment contract

Working hours are 38 hours a week. The holiday is 28 days a year.

Either side can end this contract with six weeks' notice to the end of a quarter.
""",
    "contracts/gym-contract.txt": """Membership contract of the gym at the harbour

The fee is 39 euros a month. The membership runs until 31 August 2027.
It can be cancelled to its end with four weeks' notice, for the first time to 31 August 2027.
""",
    "travel/lisbon-itinerary.md": """# Itinerary: Lisbon

- Outbound flight to Lisbon: TP 571 on 14 May 2027, departs Berlin at 06:40, seat 14C. Be at the airport at 04:40.
- Return flight from Lisbon: TP 572 on 21 May 2027, departs at 13:25.
- Hotel in Lisbon: Casa do Rio, Rua da Prata 12, seven nights.
""",
    "decisions/database.md": """# Decision: which database

We decided to use PostgreSQL for the booking service.

We decided against MongoDB because we need transactions over several tables.
""",
    "decisions/logo.md": """# Decision: the logo

We agreed on the logo colours: teal on white. Orange was rejected.
""",
    "decisions/workshop.md": """# Decision: where the workshop takes place

We picked Leipzig as the city for the workshop. Dresden was too expensive.
""",
    "notes/kindergarten.md": """# Kindergarten discussion

The outcome of the discussion: we take the kindergarten on Elm Road, it is the nearest and has a garden.
""",
    "invoices/invoice-101.md": "# Invoice 101\n\nFrom: Kessler\nAmount: 1,180.00 euros\nDue: 30 September 2026\n"
    "Status: unpaid\n",
    "invoices/invoice-102.md": "# Invoice 102\n\nFrom: Lindqvist\nAmount: 95.00 euros\nDue: 1 October 2026\n"
    "Status: paid on 28 September 2026\n",
    "invoices/invoice-103.md": "# Invoice 103\n\nFrom: Lindqvist\nAmount: 480.00 euros\nDue: 15 November 2026\n"
    "Status: unpaid\n",
    "invoices/invoice-104.md": "# Invoice 104\n\nFrom: Kessler\nAmount: 300.00 euros\nDue: 20 October 2026\n"
    "Status: paid on 12 October 2026\n",
    "invoices/invoice-105.md": "# Invoice 105\n\nFrom: Baumann\nAmount: 260.00 euros\nDue: 20 December 2026\n"
    "Status: unpaid\n",
    "money/expenses.csv": """date,category,description,amount
2026-10-03,groceries,market,84.20
2026-10-11,travel,train to Leipzig,148.50
2026-10-14,books,two novels,34.80
2026-10-17,groceries,supermarket,76.10
2026-10-22,household,lamps,80.20
2026-10-24,travel,hotel in Leipzig,250.00
2026-10-30,groceries,supermarket,52.10
2026-11-05,groceries,market,91.30
2026-11-12,travel,train to Hamburg,100.00
2026-11-16,books,atlas,30.00
2026-11-21,groceries,supermarket,96.00
""",
}


def write_papers(folder: Path) -> None:
    """The documents, in folders by kind."""
    for name, text in PAPERS.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def calendar_text(today: date) -> str:
    """An .ics file with one entry for each of eight days, an hour each, on the clock of whoever looks."""
    return calendar_texts.calendar_text(
        *(_entry(number, title, today + timedelta(days=number)) for number, title in enumerate(DAYS_OF_CALENDAR))
    )


def entry_of(day: date, today: date) -> str:
    """What is entered for that day."""
    return DAYS_OF_CALENDAR[(day - today).days]


def _entry(number: int, title: str, day: date) -> str:
    """On no zone's clock, so that it is on that of whoever looks."""
    begin, end = (f"{day:%Y%m%d}T{hour:02}0000" for hour in (CALENDAR_HOUR, CALENDAR_HOUR + 1))
    return (
        f"BEGIN:VEVENT\nUID:own-thing-{number}\nDTSTAMP:20261101T080000Z\nSUMMARY:{title}\n"
        f"DTSTART:{begin}\nDTEND:{end}\nEND:VEVENT\n"
    )
