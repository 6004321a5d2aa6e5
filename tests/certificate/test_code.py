"""The code that a stranger types from paper."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificate.code import ALPHABET, EARLIER, EXAMPLE, LENGTH, grouped, new_code, normalise

codes = st.builds(new_code)


def test_a_new_code_carries_more_than_eighty_random_bits_and_a_check_symbol() -> None:
    code = new_code()
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    # All but the last symbol are drawn; five of 37 remainders are drawn again.
    assert (LENGTH - 1) * 5 - 0.21 > 80
    assert len(code) == LENGTH and set(code) <= set(ALPHABET)


@given(codes, st.data())
def test_no_slip_and_no_swap_leaves_a_code(code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, LENGTH - 1))
    slip = data.draw(st.sampled_from(sorted(set(ALPHABET) - {code[place]})))
    assert normalise(code[:place] + slip + code[place + 1 :]) is None
    swapped = code[: place - 1] + code[place] + code[place - 1] + code[place + 1 :] if place else code
    assert normalise(swapped) == (code if swapped == code else None)


def test_every_symbol_occurs_in_every_place_and_no_code_comes_twice() -> None:
    drawn = [new_code() for _ in range(3000)]
    assert len(set(drawn)) == 3000
    for place in range(LENGTH):  # the check symbol too
        assert {code[place] for code in drawn} == set(ALPHABET)


def test_a_code_is_read_in_groups_of_four() -> None:
    assert grouped("7KQ2M9XD4TRA0VHE") == "7KQ2-M9XD-4TRA-0VHE"
    assert grouped(EXAMPLE) == EXAMPLE
    assert re.fullmatch(r"([0-9A-Z]{4}-){4}[0-9A-Z]{4}", grouped(new_code()))


def test_grouping_refuses_what_is_no_code() -> None:
    with pytest.raises(ValueError, match="20 huruf dan angka"):
        grouped("7KQ2")


@pytest.mark.parametrize(
    "typed",
    [
        "7KQ2-M9XD-4TRA-0VHE",
        "7kq2-m9xd-4tra-0vhe",
        "  7KQ2 M9XD 4TRA 0VHE\n",
        "7KQ2M9XD4TRAOVHE",  # the letter O for the figure 0
        "7KQ2–M9XD—4TRA−0VHE",  # dashes and the mathematical minus
        "7KQ2\u2011M9XD\u00ad4TRA\u200b0VHE",  # a no-break hyphen, a soft one, and nothing at all
        "７ＫＱ２－Ｍ９ＸＤ－４ＴＲＡ－０ＶＨＥ",  # from a wide keyboard
        "\u202a7KQ2-M9XD-4TRA-0VHE\u202c",  # copied out of a chat
    ],
)
def test_a_code_is_found_however_it_was_typed(typed: str) -> None:
    assert normalise(typed) == "7KQ2M9XD4TRA0VHE"


def test_the_letters_i_and_l_are_read_as_one() -> None:
    assert normalise("iLIl-1111-OooO-0000") == "1111111100000000"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " - - - ",
        "7KQ2-M9XD-4TRA-0VH",
        "7KQ2-M9XD-4TRA-0VHEE",
        "7KQ2-M9XD-4TRA-0VHU",  # U is no symbol
        "7KQ2-M9XD-4TRA-0VH'",
        "7KQ2-M9XD-4TRA-0VHß",  # becomes two letters in capitals
        "7KQ2-M9XD-4TRA-0VHı",  # becomes an I in capitals
        "٧KQ2-M9XD-4TRA-0VHE",
        "-" * 2001 + "7KQ2M9XD4TRA0VHE",
        "0" * 100_000,
    ],
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert normalise(typed) is None


@given(codes)
def test_the_stored_form_stays_as_it_is(code: str) -> None:
    assert normalise(code) == code
    assert normalise(grouped(code)) == code
    assert normalise(grouped(code).lower()) == code


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(typed: str) -> None:
    found = normalise(typed)
    assert found is None or (len(found) in (LENGTH, EARLIER) and set(found) <= set(ALPHABET))
