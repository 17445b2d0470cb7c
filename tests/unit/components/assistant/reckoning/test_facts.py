"""Sums, units and days are worked out exactly; what is not surely one of them is left to others."""

from __future__ import annotations

import pytest

from senter.components.assistant.reckoning.facts import simple_fact
from senter.sentences import speaking
from tests.support.use_room import BERLIN, NOW


def fact(text: str, language: str = "en") -> str:
    with speaking(language):
        return simple_fact(text, NOW, BERLIN)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("17% of 2400", "17 % of 2,400 is 408."),
        ("whats 2+2", "2 + 2 = 4"),
        ("23.5 * 4", "23.5 × 4 = 94"),
        ("0.1 + 0.2", "0.1 + 0.2 = 0.3"),
        ("split 84.60 by 3", "84.6 / 3 = 28.2"),
        ("split 100 euros between 3 people", "100 / 3 ≈ 33.33 euros"),
        ("2400 minus 19 percent", "2,400 - 19 % = 1,944"),
        ("20% off 80", "80 - 20 % = 64"),
        ("what's (2 + 3) * 4 - 2 / 8", "(2 + 3) × 4 - 2 / 8 = 19.75"),
        ("-2 * -3", "-2 × -3 = 6"),
        ("2 to the power of 10", "2^10 = 1,024"),
        ("what is 1/3", "1 / 3 ≈ 0.333333"),
        ("square root of 2", "√2 ≈ 1.41421"),
        ("what percent of 48 is 12", "12 is 25 % of 48."),
        ("what is twenty-five times four", "25 × 4 = 100"),
        ("what is 10/0", "Nothing can be divided by 0."),
    ],
)
def test_sums_are_told_with_what_was_worked_out(asked: str, told: str) -> None:
    assert fact(asked) == told


@pytest.mark.parametrize("asked", ["9**9**9", "9^9^9^9", "what is 2^100000", f"what is {'9' * 29} * {'9' * 29}"])
def test_what_grows_too_large_is_declined_at_once(asked: str) -> None:
    assert fact(asked) == "That comes to more than I work out."


@pytest.mark.parametrize(
    "text",
    [
        "24/7",
        "9-5",
        "2026-12-14",
        "14/12/2026",
        "030-1234567",
        "12:30 - 13:30",
        "1 + ",
        "(2 + 3",
        "2 + x",
        "+49 30 12",
        "5",
    ],
)
def test_what_may_be_something_else_is_no_sum(text: str) -> None:
    assert fact(text) == ""


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("5 miles in km", "5 miles ≈ 8.0467 km"),
        ("180 C in fahrenheit", "180 °C = 356 °F"),
        ("what is -40 f in celsius", "-40 °F = -40 °C"),
        ("2 cups in ml", "2 US cups ≈ 473.1765 ml"),
        ("3 ft 4 in in cm", "3 ft 4 in = 101.6 cm"),
        ("how many seconds are in a day", "1 day = 86,400 seconds"),
        ("100 km/h in mph", "100 km/h ≈ 62.1371 mph"),
    ],
)
def test_units_are_told_in_others(asked: str, told: str) -> None:
    assert fact(asked) == told


def test_what_cannot_be_told_in_a_unit_is_declined() -> None:
    assert "measure different things" in fact("2 kg in litres")
    assert "exchange rates" in fact("100 dollars in euros")
    assert "exchange rates" in fact("how much is 20 pounds in usd")
    assert fact("10 pounds in kg") == "10 lb ≈ 4.5359 kg"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("what day is it tomorrow", "It is Tue 1 Dec 2026."),
        ("whats the date in 3 weeks", "It is Mon 21 Dec 2026."),
        ("what day was 3 march 2024", "It was Sun 3 Mar 2024."),
        ("was 3 march 2024 a sunday", "Yes, Sun 3 Mar 2024."),
        ("was 3 march 2024 a monday", "No, it is Sun 3 Mar 2024."),
        ("how many days until christmas", "25 days, which is 3 weeks and 4 days: Fri 25 Dec 2026."),
        ("how many days since 1 january 2020", "2525 days, since Wed 1 Jan 2020."),
        ("how many days between 1 march 2027 and 5 april 2027", "35 days, from Mon 1 Mar 2027 to Mon 5 Apr 2027."),
        ("what week is it", "It is week 49 of 2026 (Mon 30 Nov 2026 - Sun 6 Dec 2026)."),
        (
            "how old is somebody born on 5 May 1980",
            "46 years old: born Mon 5 May 1980, next birthday Wed 5 May 2027.",
        ),
        ("what time is it in tokyo", "In Tokyo it is Mon 30 Nov 2026, 18:15, Asia/Tokyo."),
        ("is 2028 a leap year", "Yes, 2028 is a leap year: its February has 29 days."),
    ],
)
def test_days_are_told(asked: str, told: str) -> None:
    assert fact(asked) == told


@pytest.mark.parametrize(
    "text",
    [
        "how many days until my flight",
        "how many days of holiday do I have",
        "what day is the dentist",
        "how old is Anna",
        "what time is it in the novel",
        "remind me in 5 miles",
        "what is 20% of my salary",
        "what is 20 plus the deposit",
    ],
)
def test_what_only_the_persons_own_things_tell_is_no_fact(text: str) -> None:
    assert fact(text) == ""


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("wieviel ist 17% von 2400", "17 % von 2.400 sind 408."),
        ("1.234,56 + 10", "1.234,56 + 10 = 1.244,56"),
        ("teile 84,60 durch 3", "84,6 / 3 = 28,2"),
        ("2 Pfund in Gramm", "2 Pfund = 1.000 g"),
        ("wie viele Tage bis Weihnachten", "25 Tage, das sind 3 Wochen und 4 Tage: Fr, 25. Dez. 2026."),
        ("war der 3. März 2024 ein Sonntag", "Ja, So, 3. März 2024."),
        ("wie spät ist es in Tokio", "In Tokio ist es Mo, 30. Nov. 2026, 18:15, Asia/Tokyo."),
        ("5 miles in km", "5 miles ≈ 8.0467 km"),
    ],
)
def test_german_is_read_and_written_as_germans_do(asked: str, told: str) -> None:
    assert fact(asked, "de") == told
