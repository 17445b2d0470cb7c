"""Old encodings are told apart, on texts as short as people's."""

from __future__ import annotations

import random

import pytest

from senter.component.charsets import decode
from senter.errors import Unreadable

TEXTS = [
    ("cp1252", "Invoice “Quixote” – €45 – paid to Zoë’s bakery"),
    ("cp1252", "Müller, Straße 5, 10115 Berlin"),
    ("cp1252", "Le café coûte 3 € à Noël"),
    ("cp1252", "¿Dónde está la niña? Señor Muñoz"),
    ("latin-1", "Käse und Brötchen"),
    ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
    ("cp1250", "Zażółć gęślą jaźń"),
    ("cp1250", "Łódź, ul. Piękna 5"),
    ("shift_jis", "会議の議事録 予算は来週決める"),
    ("euc_jp", "明日の会議は午後三時です"),
    ("iso2022_jp", "家賃は八万円です"),
    ("euc_kr", "집세는 매달 첫날에 냅니다"),
    ("gb18030", "北京的会议定于下午三点"),
    ("big5", "房租每月一號支付"),
    ("cp1251", "Привет, как дела? Встреча завтра"),
    ("koi8-r", "Аренда квартиры 850 рублей"),
    ("cp1253", "Το ενοίκιο είναι 850 ευρώ τον μήνα"),
    ("cp1255", "שכר הדירה הוא 850 שקלים לחודש"),
    ("mac_roman", "Rent “flat” – €850 – Zoë’s café"),
    ("utf-16-le", "Kürbis und Käse"),
    ("utf-16-be", "Rent is due on the first"),
    ("utf-8", "日本語 and Zoë"),
    ("utf-8-sig", "Birne"),
    ("utf-16", "Kürbis"),
]


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
def test_the_encoding_of_a_short_text_is_told(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_an_old_text_that_is_longer_than_what_is_looked_at_is_read_to_its_end() -> None:
    text = "Käse für Müller, fünf Stück. " * 5_000
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_no_text(seed: int) -> None:
    noise = random.Random(seed).randbytes(3_000)  # noqa: S311 - the same noise each time
    for content in (noise, noise.replace(b"\0", b"")):
        with pytest.raises(Unreadable):
            decode(content)
