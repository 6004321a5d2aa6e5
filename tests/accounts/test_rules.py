from __future__ import annotations

import pytest

from app.accounts import codes, rules, strength
from app.accounts.rules import Kind, SignInName
from app.errors import Refused


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("Sari@Surel.Contoh", Kind.EMAIL, "sari@surel.contoh"),
        ("sari＠surel.contoh", Kind.EMAIL, "sari@surel.contoh"),
        ("0812-3456-7890", Kind.PHONE, "+6281234567890"),
        ("+62 812 3456 7890", Kind.PHONE, "+6281234567890"),
        ("62 (812) 34567890", Kind.PHONE, "+6281234567890"),
        ("+62 0812 3456 7890", Kind.PHONE, "+6281234567890"),
        ("81234567890", Kind.PHONE, "+6281234567890"),
        ("+1 415 555 0100", Kind.PHONE, "+14155550100"),
        ("  Sari.Contoh_1 ", Kind.USERNAME, "sari.contoh_1"),
        ("ＳＡＲＩ", Kind.USERNAME, "sari"),
    ],
)
def test_one_field_reads_three_kinds_of_names(typed: str, kind: Kind, value: str) -> None:
    assert rules.sign_in_name(typed) == SignInName(kind, value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ab",
        "a" * 33,
        "sаri",  # with a Cyrillic a
        "sari contoh",
        ".sari",
        "sari-",
        "sari\x00x",
        "sari@",
        "@surel.contoh",
        "a@b",
        "a@@surel.contoh",
        "sari..x@surel.contoh",
        "x" * 300 + "@surel.contoh",
        "sari@surel.contoh\nBcc: lain@surel.contoh",
        "12345",
        "0" * 40,
        "+",
        "<script>",
    ],
)
def test_what_is_no_name_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(Refused) as no:
        rules.sign_in_name(typed)
    assert "Contoh" in no.value.message


def test_endless_names_are_judged_at_once() -> None:
    for typed in ("a." * 25_000 + "@", "0" * 50_000, "-" * 50_000, "a" * 50_000 + "@" + "b." * 25_000):
        with pytest.raises(Refused):
            rules.sign_in_name(typed)


def test_a_phone_number_is_shown_as_people_write_it() -> None:
    assert rules.shown(SignInName(Kind.PHONE, "+6281234567890")) == "0812-3456-7890"
    assert rules.shown(SignInName(Kind.USERNAME, "sari.contoh")) == "sari.contoh"


def test_a_name_is_one_line_with_single_blanks() -> None:
    assert rules.full_name("  Sari \t Contoh\r\nBcc: x ") == "Sari Contoh Bcc: x"
    assert rules.full_name("Nurul ‘Aini") == "Nurul ‘Aini"
    for nobody in ("  ", "123", "\u200b\u200b", "=1+1", "'; --"):
        with pytest.raises(Refused):
            rules.full_name(nobody)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Sari Contoh", "Sari"),
        ("M. Yusuf Contoh", "M. Yusuf"),
        ("Budi", "Budi"),
        ("Wwwwwwwwwwwwwwwwwwwwwwwwww", "Wwwwwwwwwwwwwwwwwww…"),
        ("A Bbbbbbbbbbbbbbbbbbbbbbbbbbb", "A"),
    ],
)
def test_the_header_calls_people_by_a_short_name(name: str, short: str) -> None:
    assert rules.short_name(name) == short
    assert len(rules.short_name(name)) <= 20


def test_a_device_is_named_in_words() -> None:
    android = "Mozilla/5.0 (Linux; Android 13; M2006) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    assert rules.device(android) == "Chrome di Android"
    assert rules.device("curl/8 <script>") == "Peramban"


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "P4ssw0rd123",
        "1234567890",
        "0987654321",
        "qwertyuiop",
        "qwerty12345",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "!@#$%^&*()",
        "sayang12345",
        "SAYANG-SAYANG",
        "bismillah123",
        "indonesia2026",
        "katasandi123",
        "iloveyou2024",
        "abcdefghijk",
        "CakapBontang1",
        "bontangkuala7",
        "0812-3456-7890",
    ],
)
def test_passwords_that_many_people_use_are_refused(password: str) -> None:
    assert strength.weakness(password) == strength.COMMON


@pytest.mark.parametrize(
    "password",
    ["sari.contoh1990", "ContohSari2026", "kuala-sari-7", "sarisaricontoh", "0852-1947-3306", "sari-rahasia"],
)
def test_passwords_made_of_own_names_and_places_are_refused(password: str) -> None:
    names = ["Sari Contoh", "sari.contoh", "0852-1947-3306", "Bontang Kuala"]
    assert strength.weakness(password, names) == strength.PERSONAL


@pytest.mark.parametrize(
    "password",
    [
        "perahu-kuning-tiga",
        "perahu laut biru",
        "   teh pagi hujan   ",
        "kY7#pl!qq2",
        "пароль-из-четырёх",
        "😀🐸🐙🐳🦀🐠🐡🐟🐬🐋",
        "a" * 50 + "perahu-kuning" + "z" * 137,
    ],
)
def test_a_few_random_words_are_a_good_password(password: str) -> None:
    assert strength.weakness(password, ["Sari Contoh", "Tanjung Laut"]) is None


def test_short_and_endless_passwords_are_told_apart() -> None:
    assert strength.weakness("kY7#pl!qq") == strength.TOO_SHORT
    assert strength.weakness("xy" * 101) == strength.TOO_LONG
    assert strength.weakness("x" * 1_000_000) == strength.TOO_LONG


def test_the_list_of_common_passwords_is_long() -> None:
    listed = strength._LIST.read_text(encoding="utf-8").split()
    assert len(set(listed)) >= 3000


def test_a_code_is_read_however_it_is_typed() -> None:
    code = codes.new_code()
    assert len(codes.normal(code)) == 10
    assert codes.code_hash(code) == codes.code_hash(f" {code.lower().replace('-', ' ')} ")
    assert codes.normal("oiL-10") == "01110"
    assert codes.code_hash("ABCDE-FGHJK") != codes.code_hash("ABCDE-FGHJM")


def test_codes_and_tokens_do_not_repeat() -> None:
    assert len({codes.new_code() for _ in range(10_000)}) == 10_000
    tokens = {codes.new_token() for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert min(map(len, tokens)) >= 43
