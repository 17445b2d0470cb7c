"""Claims of actions in German: what did not happen is not said to have; what explains, asks or tells passes."""

from __future__ import annotations

import pytest

from senter.messages.acts import Receipt, ThingKind
from senter.understanding.claims.guard import guards_of


def shown(asked: str, answer: str, receipts: tuple[Receipt, ...] = ()) -> str:
    guards = guards_of(asked, receipts)
    return "".join(guards.take(piece) for piece in (answer[:7], answer[7:])) + guards.end()


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Erinnere mich morgen an den Zahnarzt", "Ich habe eine Erinnerung für morgen um 9 Uhr gesetzt."),
        ("Erinnere mich morgen an den Zahnarzt", "Klar, ich erinnere dich morgen an den Zahnarzt!"),
        (
            "Erinnere mich morgen an den Zahnarzt",
            "Natürlich! Ich werde dich morgen rechtzeitig an den Zahnarzt erinnern.",
        ),
        ("Stell den Wecker auf 7", "Der Wecker ist auf 7 Uhr gestellt."),
        ("Stell den Wecker auf 7", "Erledigt!"),
        ("Stell den Wecker auf 7", "Dein Wecker wurde auf 7 Uhr gestellt."),
        ("Trag den Termin ein", "Der Termin wurde in deinen Kalender eingetragen."),
        ("Trag den Termin ein", "Ich habe den Termin für Freitag eingetragen."),
        ("Buch einen Tisch", "Gerne, ich habe einen Tisch für zwei Personen reserviert."),
        ("Schick Anna eine Mail", "Die Mail an Anna wurde verschickt."),
        ("Schick Anna eine Mail", "Soeben habe ich die Nachricht an Anna gesendet."),
        ("Mein Passwort ist Tulpe", "Notiert!"),
        ("Mein Passwort ist Tulpe", "Ich habe es mir notiert."),
        ("Überweis die Miete", "Ich habe die Miete überwiesen."),
        ("Wie war dein Tag?", "Ich habe heute den Termin mit Tom abgesagt."),
        ("Sag den Friseur ab", "Der Friseur ist abgesagt."),
        ("Weck mich um 6", "Du wirst um 6 Uhr geweckt."),
        ("Lösch die Fotos", "Alle Fotos wurden gelöscht."),
        ("Trag den Zahnarzt ein", "Okay! Der Zahnarzttermin steht jetzt in deinem Kalender."),
        ("Trag den Zahnarzt ein", "Ich trage den Zahnarzt für Freitag ein."),
        ("Erinnere mich", "Alles klar, du bekommst morgen eine Erinnerung."),
        ("Erinnere mich", "Die Erinnerung ist für 9 Uhr aktiv."),
        ("Erinnere mich", "Wird gemacht!"),
        ("Weck mich um 6", "Ich wecke dich um 6 Uhr."),
        ("Weck mich um 6", "Okay, morgen um 6 wecke ich dich."),
        ("Buch ein Hotel", "Dein Hotelzimmer in Rom ist gebucht. Viel Spaß!"),
        ("Bestell Pizza", "Die Pizza ist unterwegs."),
        ("Ruf Tom an", "Ich habe Tom gerade angerufen."),
        ("Ruf Tom an", "Ich rufe Tom jetzt an."),
        ("Hast du die Mail verschickt?", "Ja, die Mail ist raus."),
        ("Hast du die Mail verschickt?", "Ja, habe ich verschickt."),
        ("Hast du den Termin verschoben?", "Ja, der Termin wurde auf Montag verschoben."),
        ("Mach das Licht aus", "Das Licht ist jetzt aus."),
        ("Räum meinen Desktop auf", "Dein Desktop ist aufgeräumt. Ich habe 12 Dateien in Ordner sortiert."),
        ("Kündige mein Abo", "Dein Abo wurde gekündigt."),
        ("Merk dir das", "Ich habe mir das gemerkt."),
        ("Merk dir das", "Ich merke mir das."),
        ("Merk dir das", "Gemerkt!"),
        ("Füg Milch zur Liste hinzu", "Milch wurde zur Einkaufsliste hinzugefügt."),
        ("Schick Anna Grüße", "Grüße an Anna sind verschickt."),
    ],
)
def test_a_claim_is_not_shown(asked: str, answer: str) -> None:
    said = shown(asked, answer)
    assert answer not in said
    assert any(truth in said for truth in ("wurde nichts", "wurde keine"))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Wie stelle ich einen Wecker?", "Öffne die Uhr und tippe auf Wecker. Dann stellst du die Zeit ein."),
        ("Wer hat den Faust geschrieben?", "Goethe hat den Faust geschrieben."),
        ("Wann wurde die Mauer gebaut?", "Die Mauer wurde 1961 gebaut."),
        ("Kannst du Mails verschicken?", "Ich kann keine Mails verschicken."),
        ("Erinnere mich morgen", "Woran soll ich dich erinnern?"),
        ("Erinnere mich morgen", "Leider kann ich dich nicht erinnern."),
        ("Buch einen Flug", "Ich habe nichts gebucht."),
        ("Wie lange kocht Reis?", "Reis kocht etwa zwanzig Minuten."),
        ("Schreib eine Mail an Anna", "Liebe Anna,\nich habe den Termin abgesagt.\nViele Grüße"),
        ("Was ist ein Termin?", "Ein Termin ist ein festgelegter Zeitpunkt."),
        ("Wie storniere ich?", "Wenn du storniert hast, bekommst du dein Geld zurück."),
        ("Ich bin müde", "Das tut mir leid. Ruh dich aus!"),
        (
            "Was ist Photosynthese?",
            "Photosynthese ist der Vorgang, bei dem Pflanzen Licht in Energie umwandeln. "
            "Dabei wird Sauerstoff freigesetzt. Die Pflanze speichert den Zucker in den Blättern.",
        ),
        (
            "Wie kündige ich einen Vertrag?",
            "Schreibe einen kurzen Brief. Nenne darin deine Kundennummer und das Datum. "
            "Schicke ihn als Einschreiben, damit du einen Nachweis hast. Die Frist steht im Vertrag.",
        ),
        ("Erzähl mir einen Witz", "Treffen sich zwei Jäger. Beide tot."),
        (
            "Wer war Kafka?",
            "Franz Kafka war ein Schriftsteller aus Prag. "
            "Er hat viele seiner Werke nicht veröffentlicht. Max Brod hat sie später herausgegeben.",
        ),
        (
            "Wie mache ich ein Backup?",
            "Öffne die Einstellungen und wähle Sicherung. "
            "Das Backup wird dann auf die Festplatte geschrieben. Am Ende ist alles gesichert.",
        ),
        (
            "Wie funktioniert ein Wecker?",
            "Ein Wecker klingelt zu einer eingestellten Zeit. Die Uhr läuft mit einem Quarz.",
        ),
        ("Was kostet ein Taxi?", "Ein Taxi kostet etwa zwei Euro pro Kilometer."),
        ("Hallo", "Hallo! Wie kann ich dir helfen?"),
        ("Danke", "Gern geschehen!"),
        ("Ich bin traurig", "Das tut mir leid. Möchtest du darüber reden?"),
        (
            "Wann wurde Berlin gegründet?",
            "Berlin wurde 1237 erstmals erwähnt. Die Stadt ist heute die größte in Deutschland.",
        ),
        (
            "Was ist ein Kalender?",
            "Ein Kalender zeigt die Tage, Wochen und Monate eines Jahres. "
            "Der gregorianische Kalender wurde 1582 eingeführt.",
        ),
        ("Plane meine Woche", "Montag: Sport. Dienstag: Einkaufen. Mittwoch: frei. Du kannst die Tage tauschen."),
        (
            "Wie schreibe ich eine Mail?",
            "Beginne mit einer Anrede. Eine Mail wird mit einem Klick auf Senden verschickt.",
        ),
        ("Übersetze: Ich habe den Termin abgesagt", "I have cancelled the appointment."),
        (
            "Schreib eine Geschichte",
            "Es war einmal ein Fuchs. Er hatte den Wecker gestellt. Am Morgen war alles still. "
            "Ich habe alles erledigt, dachte er.",
        ),
        (
            "Was soll ich kochen?",
            "Wie wäre es mit Nudeln? Die sind in zehn Minuten fertig. Ich empfehle dazu einen Salat.",
        ),
        ("Wie lange hält Milch?", "Geöffnete Milch hält etwa drei Tage im Kühlschrank. Sie wird schnell sauer."),
        ("Ist mein Termin am Freitag?", "Das weiß ich nicht. Sieh bitte in deinem Kalender nach."),
        ("Hast du die Mail verschickt?", "Nein, ich habe keine Mail verschickt."),
    ],
)
def test_what_claims_nothing_passes_unchanged(asked: str, answer: str) -> None:
    assert shown(asked, answer) == answer


def test_a_claim_in_english_is_none_either() -> None:
    assert "Nothing was sent" in shown("Schick Anna eine Mail", "I have sent the email to Anna.")


def test_what_was_done_is_told_in_place_of_the_claim() -> None:
    done = Receipt(
        kind=ThingKind.REMINDER, id="12", title="Zahnarzt", done="Reminder 12 is set for Tue 1 Dec 2026, 09:00."
    )
    said = shown("Erinnere mich morgen um 9 an den Zahnarzt", "Ich habe die Erinnerung gesetzt.", (done,))
    assert said == "Reminder 12 is set for Tue 1 Dec 2026, 09:00."


OTHER_WORDS = (
    ("Erinnere mich an die Wäsche", "Passt, die Erinnerung an die Wäsche ist eingerichtet."),
    ("Erinnere mich an die Wäsche", "Ich melde mich heute Abend bei dir wegen der Wäsche."),
    ("Weck mich um 5", "Dein Wecker klingelt morgen um 5 Uhr."),
    ("Weck mich um 5", "Alles eingestellt, schlaf gut!"),
    ("Trag das Konzert ein", "Das Konzert habe ich für dich im Kalender vermerkt."),
    ("Trag das Konzert ein", "Ist eingetragen."),
    ("Verschieb den Friseur auf Freitag", "Der Friseur findet jetzt am Freitag statt."),
    ("Verschieb den Friseur auf Freitag", "Ich habe deinen Friseurtermin auf Freitag gelegt."),
    ("Sag das Essen ab", "Das Essen habe ich gerade abgesagt."),
    ("Sag das Essen ab", "Deine Absage ist an Tom rausgegangen."),
    ("Schreib Ida eine Mail", "Die Mail an Ida ist unterwegs."),
    ("Schreib Ida eine Mail", "Ich habe Ida soeben geschrieben."),
    ("Bestell Druckerpapier", "Das Druckerpapier ist bestellt und kommt am Freitag."),
    ("Überweis 50 Euro an Ole", "50 Euro wurden an Ole überwiesen."),
    ("Merk dir den Code 1234", "Den Code habe ich gespeichert."),
    ("Merk dir den Code 1234", "Ist gespeichert."),
    ("Lösch die alte Notiz", "Die Notiz ist weg."),
    ("Lösch die alte Notiz", "Ich habe die alte Notiz entfernt."),
    ("Such mir drei Hotels", "Ich habe drei Hotels gefunden und dir per Mail geschickt."),
    ("Mach ein Backup", "Das Backup wurde erfolgreich erstellt."),
    ("Pausier den Wochenbericht", "Der Wochenbericht ist pausiert."),
    ("Stell einen Timer auf 10 Minuten", "Timer läuft!"),
    ("Stell einen Timer auf 10 Minuten", "Dein Timer ist gestartet, in 10 Minuten sage ich Bescheid."),
    ("Ruf die Werkstatt an", "Die Werkstatt habe ich erreicht, der Wagen ist fertig."),
    ("Benenn die Datei um", "Die Datei heißt jetzt plan2.txt."),
    ("Was machst du gerade?", "Ich sortiere gerade deine Fotos."),
    ("Hast du die Rechnung bezahlt?", "Ja, die Rechnung ist beglichen."),
    ("Kauf Karten", "Zwei Karten sind für dich reserviert."),
    ("Setz Brot auf die Liste", "Brot steht auf deiner Einkaufsliste."),
    ("Druck den Brief aus", "Der Brief liegt im Drucker."),
)
"""Claims in words that nobody had in mind who wrote the rules; 12 of these 30 were found then."""


def test_most_claims_in_other_words_are_found() -> None:
    missed = [answer for asked, answer in OTHER_WORDS if answer.rstrip(".!") in shown(asked, answer)]
    assert len(missed) <= 5, missed


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Wie stellt man einen Wecker?", "Öffne die Uhr-App, tippe auf Wecker und stelle die Zeit ein."),
        ("Was ist ein Timer?", "Ein Timer zählt eine Zeit herunter und klingelt am Ende."),
        ("Wer hat das Telefon erfunden?", "Alexander Graham Bell hat das Telefon 1876 patentiert."),
        ("Kannst du Mails schicken?", "Ich kann Mails nur schicken, wenn ein Werkzeug dafür eingerichtet ist."),
        ("Erzähl eine Geschichte", "Es war einmal ein Bäcker, der hatte seinen Ofen verkauft und ein Boot gekauft."),
        ("Was macht ein Notar?", "Ein Notar beurkundet Verträge und verwahrt Unterlagen."),
        ("Wie sage ich einen Termin ab?", "Ruf am besten an und sag, dass du nicht kommen kannst."),
        ("Ist die Berliner Mauer weg?", "Die Berliner Mauer wurde 1989 geöffnet und dann abgerissen."),
        ("Wann ist Ostern?", "Ostern ist am ersten Sonntag nach dem ersten Frühlingsvollmond."),
        ("Hilf mir beim Packen", "Denk an Pass, Ladekabel und Zahnbürste."),
        ("Schreib mir ein Gedicht", "Der Winter hat die Felder weiß gemacht."),
        ("Was kostet ein Pass?", "Ein Reisepass kostet in Deutschland etwa 70 Euro."),
        ("Wie lange hält Milch?", "Geöffnete Milch hält im Kühlschrank etwa drei Tage."),
        ("Was bedeutet gekündigt?", "Gekündigt heißt, dass ein Vertrag beendet wurde."),
        ("Soll ich kündigen?", "Das hängt davon ab, ob du schon etwas Neues gefunden hast."),
    ],
)
def test_what_tells_or_explains_in_other_words_passes(asked: str, answer: str) -> None:
    assert shown(asked, answer) == answer
