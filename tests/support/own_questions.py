"""Questions about the things of `own_home.py`, each with what the first quotation must hold."""

from __future__ import annotations

from dataclasses import dataclass

from senter.components.assistant.own_things import FoundThings


@dataclass(frozen=True, slots=True)
class OwnQuestionCase:
    """A question, and what the first quotation must hold; nothing where nothing answers it."""

    text: str
    right: str = ""

    def is_right(self, found: FoundThings) -> bool:
        first = found.answers[0].quote if found.answers else ""
        return self.right in first if self.right else not found.answers


CASES = tuple(
    OwnQuestionCase(*case.split(" | "))
    for case in """\
How long is my notice period for the flat? | three months to the end of a month
What is the notice period in my employment contract? | notice of four weeks
How much is my rent? | rent is 985 euros
how much is the deposit | deposit of 2,955 euros
Who is my landlord? | Otto Reimann
Can I keep a dog in the flat? | dogs need written consent
When are the quiet hours? | 22:00 to 07:00
How much do I earn? | salary is 4,150 euros
How many days of holiday do I have? | 30 days of holiday
How many hours a week do I have to work? | 35 hours a week
When did my probation end? | 31 August 2024
When does my mobile plan end? | 14 February 2027
What is my customer number at Nordtel? | NT-448291
What is the policy number of my car insurance? | KF 12-9087
What is the excess of my liability insurance? | excess is 150 euros
When is the premium of the liability insurance due? | every 1 June
When do I fly to Porto? | 9 April 2027
When do we fly back to Frankfurt? | 16 April 2027
Which seat do I have on the flight to Porto? | 22A
Where do we stay in Porto? | Pensão Douro
Which hotel do we have in Vienna? | Hotel Stephanie
When does our train to Vienna leave? | 19 December 2026 at 08:26
What is the booking code of the hotel in Vienna? | QX7RT
When is our dinner at Cantina Alta? | 11 April 2027
Which invoices are unpaid? | Status: unpaid
How much is the invoice from Malerei Busch? | 1,460.00
Did I pay Gärtnerei Holm? | paid on 28 October 2026
When is the invoice from Studio Lens due? | 5 December 2026
Did I pay the invoice from Studio Lane? | paid on 1 November 2026
What did we decide about the heating? | decided on the heat pump
Why did we choose the heat pump? | needs no storage room
When does the installation of the heat pump begin? | 8 March 2027
Which cover did we choose for the cookbook? | linen cover in dark green
Where does the summer party take place? | boathouse at Lake Weiden
How many guests do we expect at the party? | 80 guests
What does Anna Berg do until January? | Anna Berg takes over
What will Anna Bergmann do? | Anna Bergmann will ask
Who is responsible for the index? | Tom Sievers is responsible
How large is our print run? | 3,000 copies
When do we send the manuscript to the publisher? | 26 February 2027
Who is our class teacher? | Ms Kessel
How much does the class trip cost? | 285 euros
When is the next parents' evening? | 11 February 2027
What did Martin Kern offer? | shelves for 1,900
What does Martina Kern want for her bike? | 1,200 euros
When is my next tetanus vaccination? | June 2029
What was my ferritin value? | ferritin value is 38
When does the warranty of our washing machine end? | 30 June 2028
When was the boiler serviced? | 3 September 2026
What did I say about the boiler? | knocking noise
What is our wifi password? | tulpe-quarz-49
Which colour is our kitchen painted in? | Moss Green 17
When is Ben's birthday? | Ben: 3 March
When is Bea's birthday? | Bea: 13 March
What would Bea like as a gift? | fountain pen
How much did I spend on groceries in October? | 204.00
How much did I spend at Aral in total? | 134.20
What did I spend on books this year? | 78.50
How many hours did I work for the Museum in November? | 6.00
What did my goal about Sintra find out? | Rossio
What is the code of the garage door? | 7714
Which wine did Tom like? | Grauburgunder
When is my dentist appointment? | 14 Dec 2026
When was my last dentist appointment? | 14 Sep 2026
When do I meet Bea for lunch? | 3 Dec 2026
When do I have to renew my passport? | 11 Jan 2027
What did I want to give Grandma Ilse? | photo album
When is the presentation for the museum due? | 4 Dec 2026
What is Anna Lindholm's phone number? |
How much did I spend on unicorns in October? |
When is Paul's birthday? |
When do I fly to Oslo? |
What did we decide about the garage roof? |
""".splitlines()
    if case.strip()
)
