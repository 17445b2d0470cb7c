"""Sixty everyday questions with short answers that nobody disputes, and the answers that count as right."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EverydayQuestion:
    """One question; right is an answer in which one of `accepted` stands as words of their own."""

    text: str
    accepted: tuple[str, ...]

    def is_answered_by(self, answer: str) -> bool:
        said = _plain(answer)
        return any(re.search(rf"(?<!\w){re.escape(_plain(right))}(?!\w)", said) for right in self.accepted)


def _plain(text: str) -> str:
    """Without capitals, emphasis, and the commas of large numbers."""
    without_marks = re.sub(r"[*_`]", "", text.casefold().replace("\u2019", "'"))
    return re.sub(r"(?<=\d),(?=\d{3}\b)", "", without_marks)


def _q(text: str, *accepted: str) -> EverydayQuestion:
    return EverydayQuestion(text, accepted)


QUESTIONS = (
    # At home
    _q("How many grams are in a kilogram?", "1000", "one thousand", "a thousand"),
    _q("How many minutes should I boil an egg to get it hard?", "8", "9", "10", "11", "12"),
    _q("At how many degrees Celsius does water boil at sea level?", "100", "100\u00b0c"),
    _q("Which gas in the air do fires need to burn?", "oxygen"),
    _q("What do I mix to get green paint: which two colours?", "blue and yellow", "yellow and blue"),
    _q("What is the main ingredient of hummus?", "chickpeas", "chickpea", "garbanzo beans"),
    _q("Which grain is sushi made with?", "rice"),
    _q("What fruit are raisins made from?", "grape", "grapes"),
    _q("How many teaspoons are in one tablespoon?", "3", "three"),
    _q("What does dough need so that it rises?", "yeast"),
    # Numbers
    _q("What is 12 times 12?", "144"),
    _q("What is 15 percent of 200?", "30"),
    _q("What is 250 plus 375?", "625"),
    _q("A train ticket costs 18 euros. What do 3 tickets cost?", "54"),
    _q("How many minutes are in two and a half hours?", "150"),
    _q("What is half of 90?", "45"),
    _q("How many days has a leap year?", "366"),
    _q("How many sides has a hexagon?", "6", "six"),
    _q("What is the square root of 81?", "9", "nine"),
    _q("How many months have 31 days?", "7", "seven"),
    # Places
    _q("What is the capital of Australia?", "canberra"),
    _q("What is the capital of Canada?", "ottawa"),
    _q("Which country is Lisbon in?", "portugal"),
    _q("Which river flows through Paris?", "seine"),
    _q("What is the largest ocean on Earth?", "pacific"),
    _q("What is the highest mountain in the world?", "everest"),
    _q("On which continent is Kenya?", "africa"),
    _q("What currency do people pay with in Japan?", "yen"),
    _q("Which language do most people in Brazil speak?", "portuguese"),
    _q("In which country is the city of Kyoto?", "japan"),
    # Words
    _q("How do you say thank you in French?", "merci"),
    _q("What is the German word for dog?", "hund"),
    _q("What is good morning in Spanish?", "buenos d\u00edas", "buenos dias"),
    _q("What is the opposite of empty?", "full"),
    _q("What is the plural of mouse, the animal?", "mice"),
    _q("What is the past tense of go?", "went"),
    _q("What is another word for begin, with five letters: st...?", "start"),
    _q("How many letters has the English alphabet?", "26", "twenty-six"),
    _q("What do you call a baby cat?", "kitten"),
    _q("What is the short form of: I do not?", "i don't", "don't"),
    # Nature and science
    _q("Which planet is closest to the Sun?", "mercury"),
    _q("What is the chemical symbol of gold?", "au"),
    _q("How many legs does a spider have?", "8", "eight"),
    _q("What is the largest animal on Earth?", "blue whale", "blue whales"),
    _q("Which organ pumps blood through the body?", "heart"),
    _q("What do bees make?", "honey"),
    _q("What is frozen water called?", "ice"),
    _q("Which vitamin does the skin make in sunlight?", "d"),
    _q("What force makes things fall to the ground?", "gravity"),
    _q("How many teeth does an adult human usually have?", "32", "thirty-two"),
    # People and the world
    _q("Who wrote Romeo and Juliet?", "shakespeare"),
    _q("Who painted the Mona Lisa?", "leonardo", "da vinci"),
    _q("In which year did the Second World War end?", "1945"),
    _q("Who was the first person to walk on the Moon?", "armstrong"),
    _q("How many strings does a violin have?", "4", "four"),
    _q("How many players of one football (soccer) team are on the field?", "11", "eleven"),
    _q("What does the abbreviation PDF stand for?", "portable document format"),
    _q("Which keys copy on Windows: Ctrl and which letter?", "c"),
    _q("What does HTTP stand for?", "hypertext transfer protocol"),
    _q("Which month comes after April?", "may"),
)
