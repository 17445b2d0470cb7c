"""Requests in plain words, and for each the tool that is right for it with its arguments; asked on `ASKED_AT`.

`DEVELOPMENT` is what prompts and schemas are tried on; `CASES` is what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from senter.errors import InvalidInput
from senter.moments.dates import parse_moment

ZONE = ZoneInfo("Europe/London")
ASKED_AT = datetime(2026, 11, 30, 10, tzinfo=UTC)
"""A Monday."""
HOME = "/home/ann"
_UNSAID = re.compile(r"\b(?:the|a|an|my|your|some|please|to)\b|[^\w@./:~+-]")


class Right(Protocol):
    """What an argument must be."""

    def __call__(self, value: JsonValue) -> bool: ...


@dataclass(frozen=True, slots=True)
class ToolCase:
    """One request; no tool where it needs none. Arguments that are not named here must be left as they are."""

    text: str
    tool: str
    arguments: Mapping[str, Right]


def _plain(text: str) -> str:
    return " ".join(_UNSAID.sub(" ", text.casefold()).split()).strip(" .:-")


def _is(*accepted: JsonValue) -> Right:
    """One of these; texts but for capitals, articles and punctuation."""
    texts = {_plain(value) for value in accepted if isinstance(value, str)}
    return lambda value: _plain(value) in texts if isinstance(value, str) else value in accepted


def _has(*words: str) -> Right:
    """A text with all of these words in it."""
    return lambda value: isinstance(value, str) and all(word in value.casefold() for word in words)


def _at(moment: str) -> Right:
    """Words or ISO 8601 that mean this moment of the asker's clock."""
    meant = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    return lambda value: isinstance(value, str) and _moment(value) == meant


def _list(*items: str) -> Right:
    return lambda value: value == [*items]


def _moment(words: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        try:
            return parse_moment(words, ASKED_AT, ZONE, day_means="moment")
        except InvalidInput:
            return None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def _case(text: str, tool: str = "", /, **arguments: Right) -> ToolCase:
    return ToolCase(text, tool, arguments)


DEVELOPMENT = (
    _case(
        "Remind me to water the plants tomorrow at 8", "remind", text=_is("water plants"), at=_at("2026-12-01T08:00")
    ),
    _case("In two hours, remind me of the oven", "remind", text=_is("oven"), at=_at("2026-11-30T12:00")),
    _case(
        "Remind me on Saturday at noon to ring Grandma", "remind", text=_is("ring Grandma"), at=_at("2026-12-05T12:00")
    ),
    _case(
        "Put the eye doctor on Tuesday at 15:00 in my calendar",
        "calendar_add",
        title=_is("eye doctor"),
        start=_at("2026-12-01T15:00"),
    ),
    _case(
        "Add a concert to my calendar: December 18, 7:30 pm, in the town hall",
        "calendar_add",
        title=_is("concert"),
        start=_at("2026-12-18T19:30"),
        location=_is("town hall", "in town hall"),
    ),
    _case("What do I have to do in the next five days?", "calendar_check", days=_is(5)),
    _case(
        "Look in my documents for the guarantee of the washing machine",
        "documents_search",
        query=_is(
            "guarantee of washing machine",
            "washing machine guarantee",
            "guarantee washing machine",
            "guarantee for washing machine",
        ),
    ),
    _case(
        "Search the web for opening hours of the Tate Modern",
        "web_search",
        query=_is("opening hours of Tate Modern", "Tate Modern opening hours", "opening hours Tate Modern"),
    ),
    _case("Read https://example.org/recipes/soup for me", "web_fetch", url=_is("https://example.org/recipes/soup")),
    _case("Make a note that the spare key is with Mr Brown", "note", title=_has(""), text=_has("spare key", "brown")),
    _case(
        "Write a mail to jo@example.com that I cannot come on Friday",
        "email_draft",
        to=_list("jo@example.com"),
        subject=_has(""),
        body=_has("friday"),
    ),
    _case("Prepare a message to Lucy: the train is late", "message_draft", to=_is("Lucy"), text=_has("train", "late")),
    _case("Which files are in /home/ann/Pictures?", "file_list", path=_is("/home/ann/Pictures")),
    _case("What does /home/ann/Documents/lease.pdf say?", "file_read", path=_is("/home/ann/Documents/lease.pdf")),
    _case(
        "Copy /home/ann/a.txt to /home/ann/backup/a.txt",
        "file_copy",
        source=_is("/home/ann/a.txt"),
        target=_is("/home/ann/backup/a.txt"),
    ),
    _case(
        "Rename /home/ann/Documents/draft.md to /home/ann/Documents/final.md",
        "file_move",
        source=_is("/home/ann/Documents/draft.md"),
        target=_is("/home/ann/Documents/final.md"),
    ),
    _case("Throw away /home/ann/Downloads/setup.exe", "file_trash", path=_is("/home/ann/Downloads/setup.exe")),
    _case("Make a folder /home/ann/Documents/taxes", "make_folder", path=_is("/home/ann/Documents/taxes")),
    _case(
        "Run git status in /home/ann/Code/site",
        "run_command",
        argv=_list("git", "status"),
        folder=_is("/home/ann/Code/site"),
    ),
    _case("How many grams are in a pound?"),
)

CASES = (
    _case(
        "Remind me to take the bread out in 40 minutes",
        "remind",
        text=_is("take bread out"),
        at=_at("2026-11-30T10:40"),
    ),
    _case(
        "Please remind me tomorrow at 9:15 to call the plumber",
        "remind",
        text=_is("call plumber"),
        at=_at("2026-12-01T09:15"),
    ),
    _case(
        "I must not forget to pay the rent: remind me on Friday at 6 pm",
        "remind",
        text=_is("pay rent", "not forget pay rent"),
        at=_at("2026-12-04T18:00"),
    ),
    _case(
        "Remind me at half past five today to fetch Tim", "remind", text=_is("fetch Tim"), at=_at("2026-11-30T17:30")
    ),
    _case(
        "Give me a reminder on 2026-12-24 at 10:00 about the goose",
        "remind",
        text=_is("goose", "about goose"),
        at=_at("2026-12-24T10:00"),
    ),
    _case(
        "On Sunday at 11 remind me to feed the neighbour's cat",
        "remind",
        text=_is("feed neighbour's cat"),
        at=_at("2026-12-06T11:00"),
    ),
    _case(
        "Remind me next Monday at 7:45 to bring the library books back",
        "remind",
        text=_is("bring library books back"),
        at=_at("2026-12-07T07:45"),
    ),
    _case(
        "Add the dentist to my calendar for Thursday at 14:00",
        "calendar_add",
        title=_is("dentist"),
        start=_at("2026-12-03T14:00"),
    ),
    _case(
        "Put lunch with Sara in the calendar, tomorrow at 12:30",
        "calendar_add",
        title=_is("lunch with Sara"),
        start=_at("2026-12-01T12:30"),
    ),
    _case(
        "Enter a parents' evening into my calendar: 9 December 2026, 19:00, in the school gym",
        "calendar_add",
        title=_is("parents' evening"),
        start=_at("2026-12-09T19:00"),
        location=_is("school gym", "in school gym"),
    ),
    _case(
        "Schedule a team meeting in my calendar for Wednesday at 10 am",
        "calendar_add",
        title=_is("team meeting"),
        start=_at("2026-12-02T10:00"),
    ),
    _case(
        "My flight to Oslo leaves on 2026-12-20 at 06:50, put it into the calendar",
        "calendar_add",
        title=_is("flight to Oslo"),
        start=_at("2026-12-20T06:50"),
    ),
    _case(
        "Please book yoga in my calendar on Saturday at 9:30 at Studio Nord",
        "calendar_add",
        title=_is("yoga"),
        start=_at("2026-12-05T09:30"),
        location=_is("Studio Nord", "at Studio Nord"),
    ),
    _case("What is in my calendar for the next three days?", "calendar_check", days=_is(3)),
    _case("Do I have any appointments this coming fortnight? Check the next 14 days.", "calendar_check", days=_is(14)),
    _case("Check my calendar for the next 10 days", "calendar_check", days=_is(10)),
    _case("What do my documents say about the boiler?", "documents_search", query=_is("boiler")),
    _case(
        "Find the recipe for plum cake in my documents",
        "documents_search",
        query=_is("plum cake", "recipe for plum cake", "plum cake recipe"),
    ),
    _case("Search my files for the insurance number", "documents_search", query=_is("insurance number")),
    _case(
        "Look up in my own documents who repaired the roof",
        "documents_search",
        query=_is("who repaired roof", "repaired roof", "roof repair", "roof repaired"),
    ),
    _case(
        "Is there anything about Norway in my documents?",
        "documents_search",
        query=_is("Norway", "anything about Norway", "about Norway"),
    ),
    _case("Search the web for flights from London to Oslo", "web_search", query=_is("flights from London to Oslo")),
    _case(
        "Find out on the internet how tall the Shard is",
        "web_search",
        query=_is("how tall Shard is", "how tall is Shard", "height of Shard", "Shard height"),
    ),
    _case(
        "Look on the web for reviews of the film Arrival",
        "web_search",
        query=_is(
            "reviews of film Arrival",
            "film Arrival reviews",
            "Arrival film reviews",
            "reviews of Arrival",
            "Arrival reviews",
        ),
    ),
    _case(
        "Search online for a bicycle repair shop in Leeds",
        "web_search",
        query=_is("bicycle repair shop in Leeds", "bicycle repair shop Leeds"),
    ),
    _case(
        "Fetch the page https://example.org/news and tell me what it says",
        "web_fetch",
        url=_is("https://example.org/news"),
    ),
    _case(
        "What does https://docs.example.com/setup.html say?",
        "web_fetch",
        url=_is("https://docs.example.com/setup.html"),
    ),
    _case("Open http://example.net/menu for me", "web_fetch", url=_is("http://example.net/menu")),
    _case("Note that the meter reads 48213", "note", title=_has(""), text=_has("48213")),
    _case("Write down: the paint in the hall is called Stone Grey", "note", title=_has(""), text=_has("stone grey")),
    _case("Take a note that Emma is allergic to nuts", "note", title=_has(""), text=_has("emma", "allergic", "nuts")),
    _case(
        "Make a note called Wifi that says the guest password is swordfish",
        "note",
        title=_is("Wifi"),
        text=_has("guest password", "swordfish"),
    ),
    _case(
        "Write an email to tom@example.org with the subject Invoice, saying the invoice is attached",
        "email_draft",
        to=_list("tom@example.org"),
        subject=_is("Invoice"),
        body=_has("invoice"),
    ),
    _case(
        "Draft an e-mail to anna@example.com and ben@example.com about the picnic on Sunday",
        "email_draft",
        to=_list("anna@example.com", "ben@example.com"),
        subject=_has("picnic"),
        body=_has("picnic"),
    ),
    _case(
        "Prepare a mail to office@example.net asking for the opening hours",
        "email_draft",
        to=_list("office@example.net"),
        subject=_has(""),
        body=_has("opening hours"),
    ),
    _case(
        "Mail sue@example.org a thank you for the flowers, as a draft",
        "email_draft",
        to=_list("sue@example.org"),
        subject=_has(""),
        body=_has("flowers"),
    ),
    _case(
        "Draft a message to Peter that I will be ten minutes late", "message_draft", to=_is("Peter"), text=_has("late")
    ),
    _case(
        "Write a text message to Mum saying happy birthday",
        "message_draft",
        to=_is("Mum"),
        text=_has("happy birthday"),
        channel=_has(""),
    ),
    _case(
        "Prepare a WhatsApp message to Leo: the game starts at six",
        "message_draft",
        to=_is("Leo"),
        text=_has("game", "six"),
        channel=_is("WhatsApp"),
    ),
    _case("List the files in /home/ann/Downloads", "file_list", path=_is("/home/ann/Downloads")),
    _case("What is in the folder /home/ann/Documents/house?", "file_list", path=_is("/home/ann/Documents/house")),
    _case("Show me what lies in /home/ann/Music", "file_list", path=_is("/home/ann/Music")),
    _case("Read /home/ann/Documents/minutes.md", "file_read", path=_is("/home/ann/Documents/minutes.md")),
    _case("Tell me what is written in /home/ann/Desktop/todo.txt", "file_read", path=_is("/home/ann/Desktop/todo.txt")),
    _case(
        "Read the first 2000 characters of /home/ann/Documents/book.txt",
        "file_read",
        path=_is("/home/ann/Documents/book.txt"),
        max_characters=_is(2000),
    ),
    _case(
        "Copy /home/ann/photo.jpg to /home/ann/Pictures/photo.jpg",
        "file_copy",
        source=_is("/home/ann/photo.jpg"),
        target=_is("/home/ann/Pictures/photo.jpg"),
    ),
    _case(
        "Make a copy of /home/ann/Documents/cv.pdf at /home/ann/Desktop/cv.pdf",
        "file_copy",
        source=_is("/home/ann/Documents/cv.pdf"),
        target=_is("/home/ann/Desktop/cv.pdf"),
    ),
    _case(
        "Move /home/ann/Downloads/report.pdf to /home/ann/Documents/report.pdf",
        "file_move",
        source=_is("/home/ann/Downloads/report.pdf"),
        target=_is("/home/ann/Documents/report.pdf"),
    ),
    _case(
        "Rename the file /home/ann/IMG_204.jpg to /home/ann/beach.jpg",
        "file_move",
        source=_is("/home/ann/IMG_204.jpg"),
        target=_is("/home/ann/beach.jpg"),
    ),
    _case("Delete /home/ann/Downloads/old.zip", "file_trash", path=_is("/home/ann/Downloads/old.zip")),
    _case("Put the folder /home/ann/Documents/tmp in the trash", "file_trash", path=_is("/home/ann/Documents/tmp")),
    _case("Create a folder called /home/ann/Documents/2027", "make_folder", path=_is("/home/ann/Documents/2027")),
    _case("I need a new folder at /home/ann/Pictures/Oslo", "make_folder", path=_is("/home/ann/Pictures/Oslo")),
    _case(
        "Write the text 'milk, eggs, flour' into the file /home/ann/Documents/shopping.txt",
        "file_write",
        path=_is("/home/ann/Documents/shopping.txt"),
        content=_is("milk, eggs, flour"),
    ),
    _case(
        "Run make test in /home/ann/Code/clock",
        "run_command",
        argv=_list("make", "test"),
        folder=_is("/home/ann/Code/clock"),
    ),
    _case(
        "Run the command ls -l in the folder /home/ann/Documents",
        "run_command",
        argv=_list("ls", "-l"),
        folder=_is("/home/ann/Documents"),
    ),
    _case("Show me what is in Senter's trash", "trash_list"),
    _case(
        "Bring /home/ann/Documents/plan.md back from the trash",
        "trash_restore",
        path=_is("/home/ann/Documents/plan.md"),
    ),
    _case("What is the capital of Peru?"),
    _case("Write a short poem about autumn"),
)
