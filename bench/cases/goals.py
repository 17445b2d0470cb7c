"""Sentences that say what somebody wants to reach, and most of them by when; said on `SAID_AT`.

`DEVELOPMENT` is what the prompt is tried on; `CASES` is what is counted. A deadline is a day, or a day and a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
SAID_AT = datetime(2026, 11, 30, 10, tzinfo=UTC)
"""A Monday."""


@dataclass(frozen=True, slots=True)
class GoalCase:
    """One sentence."""

    text: str
    deadline: str
    """ISO 8601 on the speaker's clock, where `next friday` is the next one to come. Empty where there is none."""
    goals: tuple[str, ...]
    """What is to be reached, in the sentence's own words; several where a verb has to be found for it."""


def _g(text: str, goal: str, deadline: str, *others: str) -> GoalCase:
    return GoalCase(text, deadline, (goal, *others))


DEVELOPMENT = (
    _g("I want to finish my thesis by 15 December", "finish my thesis", "2026-12-15"),
    _g("Clean the garage before Saturday", "clean the garage", "2026-12-05"),
    _g("Learn the guitar", "learn the guitar", ""),
    _g(
        "By tomorrow evening I need the slides for the talk",
        "the slides for the talk",
        "2026-12-01",
        "get the slides for the talk",
        "prepare the slides for the talk",
        "have the slides for the talk",
    ),
    _g("Please plan the summer party until the end of January", "plan the summer party", "2027-01-31"),
    _g("Read three books by the end of the year", "read three books", "2026-12-31"),
    _g("I have to hand in the tax return no later than 2027-01-31", "hand in the tax return", "2027-01-31"),
    _g("Get the car repaired within two weeks", "get the car repaired", "2026-12-14"),
    _g(
        "Write a speech for Anna's birthday, due on Thursday at noon",
        "write a speech for anna's birthday",
        "2026-12-03T12:00",
    ),
    _g("Compare the prices of heat pumps", "compare the prices of heat pumps", ""),
    _g("Until Friday: collect offers for the new roof", "collect offers for the new roof", "2026-12-04"),
    _g("I'd like to be able to run 10 km by June", "be able to run 10 km", "2027-06-30", "run 10 km"),
    _g("The invoice has to be paid in five days", "pay the invoice", "2026-12-05", "the invoice has to be paid"),
    _g("Find a hotel in Vienna by next Tuesday", "find a hotel in vienna", "2026-12-01"),
    _g("Sort the photos of last summer", "sort the photos of last summer", ""),
    _g(
        "We must have a name for the cat by Sunday",
        "have a name for the cat",
        "2026-12-06",
        "find a name for the cat",
        "choose a name for the cat",
    ),
    _g("Book the train to Berlin today", "book the train to berlin", "2026-11-30"),
    _g("Prepare the quarterly report, deadline 8 January 2027", "prepare the quarterly report", "2027-01-08"),
    _g("Make a meal plan for next week by tomorrow at 18:00", "make a meal plan for next week", "2026-12-01T18:00"),
    _g("Tidy up my desk", "tidy up my desk", ""),
)

CASES = (
    _g("Write the annual report by Friday", "write the annual report", "2026-12-04"),
    _g("I want to learn basic Spanish by March", "learn basic spanish", "2027-03-31"),
    _g("Paint the fence before Sunday", "paint the fence", "2026-12-06"),
    _g("Finish the presentation by tomorrow", "finish the presentation", "2026-12-01"),
    _g("Prepare the budget until 20 December", "prepare the budget", "2026-12-20"),
    _g("I need to renew my passport by 2027-02-15", "renew my passport", "2027-02-15"),
    _g("Organise my receipts", "organise my receipts", ""),
    _g("By Wednesday I have to review the contract", "review the contract", "2026-12-02"),
    _g("Find a new dentist within three weeks", "find a new dentist", "2026-12-21"),
    _g("Please research electric bikes by next Monday", "research electric bikes", "2026-12-07"),
    _g("Plan a trip to Scotland", "plan a trip to scotland", ""),
    _g("Translate the manual by the end of the month", "translate the manual", "2026-11-30"),
    _g("Have the newsletter ready on Thursday at 9:00", "have the newsletter ready", "2026-12-03T09:00"),
    _g("Save 500 euros by the end of the year", "save 500 euros", "2026-12-31"),
    _g("I want to bake a wedding cake by 12 December", "bake a wedding cake", "2026-12-12"),
    _g("Check the smoke alarms today", "check the smoke alarms", "2026-11-30"),
    _g("Collect ideas for the anniversary by Saturday evening", "collect ideas for the anniversary", "2026-12-05"),
    _g("Learn to juggle", "learn to juggle", ""),
    _g("Send the offer to the customer by 5 pm tomorrow", "send the offer to the customer", "2026-12-01T17:00"),
    _g("Write a letter to the landlord, due on Tuesday", "write a letter to the landlord", "2026-12-01"),
    _g(
        "In ten days the garden shed should be empty",
        "empty the garden shed",
        "2026-12-10",
        "the garden shed should be empty",
        "have the garden shed empty",
        "have the garden shed emptied",
    ),
    _g("I must cancel the gym membership no later than 31 December", "cancel the gym membership", "2026-12-31"),
    _g("Summarise the minutes of the last three meetings", "summarise the minutes of the last three meetings", ""),
    _g("Until Thursday: read the two articles about batteries", "read the two articles about batteries", "2026-12-03"),
    _g("Make a list of good schools by 10 January 2027", "make a list of good schools", "2027-01-10"),
    _g("I'd like to write a short story by the end of next week", "write a short story", "2026-12-13"),
    _g("Buy a present for Paul before 24 December", "buy a present for paul", "2026-12-24"),
    _g("Finish the knitting pattern by Friday at noon", "finish the knitting pattern", "2026-12-04T12:00"),
    _g("Get three offers for the kitchen within 14 days", "get three offers for the kitchen", "2026-12-14"),
    _g("Update my CV by Sunday", "update my cv", "2026-12-06"),
    _g("Find out how solar panels work", "find out how solar panels work", ""),
    _g(
        "The essay on Rome must be written by 18 December",
        "write the essay on rome",
        "2026-12-18",
        "the essay on rome must be written",
    ),
    _g("Prepare the workshop on Git for next Wednesday", "prepare the workshop on git", "2026-12-02"),
    _g("By the end of January I want to know all bones of the hand", "know all bones of the hand", "2027-01-31"),
    _g(
        "Draft an invitation for the street party by Thursday", "draft an invitation for the street party", "2026-12-03"
    ),
    _g("Back up all photos by the end of this week", "back up all photos", "2026-12-06"),
    _g("I have until Saturday to choose a colour for the hall", "choose a colour for the hall", "2026-12-05"),
    _g("Compare three phone contracts by tomorrow at 20:00", "compare three phone contracts", "2026-12-01T20:00"),
    _g(
        "Write the program for the choir evening by 2026-12-11", "write the program for the choir evening", "2026-12-11"
    ),
    _g("Clean up the downloads folder", "clean up the downloads folder", ""),
    _g("Answer the letter of the insurance by 7 December", "answer the letter of the insurance", "2026-12-07"),
    _g("I want to have the bike fixed in four days", "have the bike fixed", "2026-12-04"),
    _g(
        "Please have the travel plan done by Wednesday 15:00",
        "have the travel plan done",
        "2026-12-02T15:00",
        "have the travel plan",
        "the travel plan",
    ),
    _g("Set up the new printer by tonight", "set up the new printer", "2026-11-30"),
    _g("Grow tomatoes on the balcony by August", "grow tomatoes on the balcony", "2027-08-31"),
    _g("Make a reading list about Roman history", "make a reading list about roman history", ""),
    _g(
        "The website needs a contact page by 15 January 2027",
        "a contact page",
        "2027-01-15",
        "the website needs a contact page",
        "add a contact page",
        "create a contact page",
        "add a contact page to the website",
        "create a contact page for the website",
        "a contact page for the website",
        "have a contact page",
    ),
    _g("Practise the piano piece until the 22nd", "practise the piano piece", "2026-12-22"),
    _g("Sell the old sofa by Saturday", "sell the old sofa", "2026-12-05"),
    _g("Submit the application, the deadline is 4 December 2026", "submit the application", "2026-12-04"),
    _g("Write down grandma's recipes by 24 December", "write down grandma's recipes", "2026-12-24"),
    _g("Within a week, find someone who repairs clocks", "find someone who repairs clocks", "2026-12-07"),
    _g("Test the backup on Friday", "test the backup", "2026-12-04"),
    _g(
        "I need the room list before Tuesday 8 am",
        "the room list",
        "2026-12-01T08:00",
        "get the room list",
        "prepare the room list",
        "have the room list",
    ),
    _g("Get better at chess", "get better at chess", ""),
    _g("Please look for a used piano by 1 February", "look for a used piano", "2027-02-01"),
    _g("Prepare questions for the interview by tomorrow morning", "prepare questions for the interview", "2026-12-01"),
    _g("Finish reading the novel by next Sunday", "finish reading the novel", "2026-12-06"),
    _g("Book a table for six at the Italian by Thursday", "book a table for six at the italian", "2026-12-03"),
    _g("Describe the history of our house", "describe the history of our house", ""),
)
