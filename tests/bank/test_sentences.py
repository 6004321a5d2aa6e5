"""What is counted of answers, which numbers are said of them, and the sentence for the trainer."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.bank.analysis import THIRDS, Figures, Spread
from app.bank.answers import FEW, key_of, letter, marks, tables
from app.bank.sentences import ENOUGH, ORDER, WORDS, findings
from app.course.item import REASON, VERDICT, Item, Option, Part


def an_option(name: str, *, correct: bool = False, text: str = "", worth: Fraction | None = None) -> Option:
    return Option(name, text or f"Pilihan {name}", "", "", "", correct, worth=worth)


def an_item(kind: str = "single_choice", options: str = "Abc", parts: tuple[Part, ...] = (), **more: object) -> Item:
    """Options named by letters; a capital one is right."""
    made = tuple(an_option(name.lower(), correct=name.isupper()) for name in options)
    return Item("s4", "Apa?", "", "Apa?", made, "ingat", 1, "pesan", (), True, 1, kind=kind, parts=parts, **more)  # type: ignore[arg-type]


def test_marks_of_every_kind() -> None:
    assert marks(an_item(), ["b"]) == ("b",)
    assert marks(an_item("multiple_response", "ABc"), ["a", "c"]) == ("a", "c")
    assert marks(an_item("ordering", "ABC"), ["a=1", "b=3", "c=2"]) == ("a",)
    assert marks(an_item("short_text", "A"), ["E-Mail. "]) == ("e mail",)
    gap = Part("1", "", "", "short_text", (an_option("x", correct=True),))
    pick = Part("2", "kiri", "", "choice", (an_option("k", correct=True), an_option("l")))
    assert marks(an_item("cloze", "", (gap, pick)), ["1=Kata Sandi", "2=l"]) == ("1=kata sandi", "2=l")
    assert marks(an_item(), []) == ()


def test_another_key_is_another_question_and_another_wording_is_not() -> None:
    assert key_of(an_item("single_choice", "Abc")) == key_of(an_item("single_choice", "cAb"))
    assert key_of(an_item("single_choice", "Abc")) != key_of(an_item("single_choice", "aBc"))
    assert key_of(an_item("single_choice", "Abc")) != key_of(an_item("single_choice", "Abcd"))
    assert key_of(an_item("ordering", "ABC")) != key_of(an_item("ordering", "BAC"))
    assert [letter(n) for n in (0, 1, 25, 26)] == ["A", "B", "Z", "27"]


def a_spread(chosen: dict[str, tuple[int, int, int]], omitted: tuple[int, int, int] = (0, 0, 0)) -> Spread:
    """Numbers of the lower, middle and upper third."""
    people = [sum(row[n] for row in chosen.values()) + omitted[n] for n in range(3)]
    return Spread(
        {mark: dict(zip(THIRDS, row, strict=True)) for mark, row in chosen.items()},
        dict(zip(THIRDS, people, strict=True)),
        dict(zip(THIRDS, omitted, strict=True)),
    )


def test_who_chose_what_in_numbers_that_name_nobody() -> None:
    (table,) = tables(an_item(), a_spread({"a": (10, 14, 18), "b": (7, 5, 0), "c": (3, 1, 0)}, (0, 0, 2)))
    assert table.people == {"lower": 20, "middle": 20, "upper": 20}
    said = [["<5" if cell.small else cell.value for cell in (*line.cells.values(), line.total)] for line in table.lines]
    assert said == [[10, 14, 18, 42], [7, 5, 0, 12], ["<5", "<5", 0, "<5"], [0, 0, "<5", "<5"]]
    assert table.lines[3].choice is None and table.lines[3].label == "Dilewati"


def test_few_people_have_no_thirds_and_very_few_no_table() -> None:
    (table,) = tables(an_item(), a_spread({"a": (5, 5, 5)}))
    assert table.people == {} and [line.total.value for line in table.lines] == [15, 0, 0, 0]
    assert tables(an_item(), a_spread({"a": (3, 3, 3)})) == []


def test_written_answers_of_fewer_than_five_people_are_not_shown() -> None:
    spread = a_spread({"sandi": (10, 10, 10), "budi 081200000000": (0, 1, 1)})
    (table,) = tables(an_item("short_text", "A"), spread)
    shown = [line.choice.text for line in table.lines if line.choice]
    assert shown == ["sandi"] and table.lines[-1].label == "Jawaban lain, atau dilewati"


# The sentences.


def some_figures(**more: object) -> Figures:
    facts: dict[str, object] = {
        "n": 60, "facility": 0.7, "discrimination": 0.4, "omission": 0.0, "seconds": 30.0,
        "spread": a_spread({"a": (10, 14, 18), "b": (6, 4, 1), "c": (4, 2, 1)}),
    }  # fmt: skip
    return Figures(**{**facts, **more})  # type: ignore[arg-type]


def told(item: Item, figures: Figures | None) -> list[tuple[str, str]]:
    return [(one.code, one.text) for one in findings(4, item, figures)]


def test_the_strong_who_choose_a_distractor_point_at_the_key() -> None:
    figures = some_figures(spread=a_spread({"a": (10, 8, 4), "b": (4, 8, 15), "c": (6, 4, 1)}), discrimination=-0.3)
    assert told(an_item(), figures) == [("key", "Soal 4: peserta yang kuat justru memilih B. Periksa kuncinya.")]
    backwards = some_figures(discrimination=-0.1)
    assert told(an_item(), backwards)[0][1].startswith("Soal 4: peserta yang kuat justru lebih sering salah")


def test_the_key_of_a_part_is_named() -> None:
    pair = Part("p1", "Phishing", "", "choice", (an_option("k", correct=True), an_option("l", text="Iklan")))
    spread = a_spread({"p1=k": (15, 10, 5), "p1=l": (5, 10, 15)})
    (code, sentence), *_ = told(an_item("matching", "", (pair,)), some_figures(spread=spread))
    assert (code, sentence) == (
        "key", "Soal 4: pada “Phishing” peserta yang kuat justru memilih “Iklan”. Periksa kuncinya.",
    )  # fmt: skip
    verdict = Part(VERDICT, "", "", "choice", (an_option("benar", correct=True), an_option("salah", text="Salah")))
    reason = Part(REASON, "", "", "choice", (an_option("k", correct=True), an_option("l")))
    spread = a_spread({f"{VERDICT}=benar": (15, 10, 5), f"{VERDICT}=salah": (5, 10, 15)})
    assert told(an_item("true_false", "", (verdict, reason)), some_figures(spread=spread))[0][1] == (
        "Soal 4: peserta yang kuat justru memilih “Salah”. Periksa kuncinya."
    )


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"facility": 0.96}, "easy", "terlalu mudah, rata-rata benar 96%"),
        ({"facility": 0.24}, "hard", "terlalu sulit, rata-rata benar hanya 24%"),
        ({"discrimination": 0.14}, "flat", "hampir sama sering benar"),
        ({"spread": a_spread({"a": (10, 14, 18), "b": (10, 6, 2)})}, "never", "pengecoh C tidak pernah dipilih"),
        ({"spread": a_spread({"a": (20, 20, 20)})}, "never", "pengecoh B, C tidak pernah dipilih"),
        ({"omission": 0.12}, "omitted", "12% peserta melewatinya"),
        ({"seconds": 150.0}, "slow", "lama sekali dijawab, separuh peserta perlu lebih dari 2 menit"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(more: dict[str, object], code: str, words: str) -> None:
    ((found, sentence),) = told(an_item(), some_figures(**more))
    assert found == code and words in sentence
    assert sentence.startswith("Soal 4: ") and sentence.count(". ") == 1 and sentence.endswith(".")


def test_harder_than_its_author_thought() -> None:
    assert told(an_item(difficulty=0.9), some_figures()) == [
        ("harder", "Soal 4: lebih sulit dari perkiraan penulis (sulit=0.9). Rata-rata benar hanya 70%."
         " Periksa kalimatnya atau ubah perkiraannya.")
    ]  # fmt: skip
    assert told(an_item(difficulty=0.8), some_figures())[0][0] == "fine"


@pytest.mark.parametrize(
    "more", [{"facility": 0.95}, {"facility": 0.25}, {"discrimination": 0.15}, {"discrimination": None},
             {"omission": 0.1}, {"seconds": 120.0}, {"n": ENOUGH}]
)  # fmt: skip
def test_on_the_bound_nothing_is_wrong(more: dict[str, object]) -> None:
    assert told(an_item(), some_figures(**more)) == [("fine", "Soal 4: tidak ada yang perlu diperbaiki.")]


def test_before_fifty_answers_it_is_too_early() -> None:
    wrong = some_figures(n=ENOUGH - 1, facility=0.01, discrimination=-0.9)
    assert told(an_item(), wrong) == [("early", "Soal 4: baru 49 jawaban. Tunggu sampai 50 sebelum mengubahnya.")]
    few = "Soal 4: jawabannya belum cukup untuk dinilai. Tunggu sampai 50."
    for figures in (None, some_figures(n=FEW - 1)):
        assert told(an_item(), figures) == [("early", few)]


def test_the_gravest_comes_first() -> None:
    figures = some_figures(facility=0.2, discrimination=0.05, omission=0.5, seconds=400.0)
    codes = [code for code, _ in told(an_item(difficulty=0.9), figures)]
    assert codes == sorted(codes, key=list(ORDER).index) == ["hard", "flat", "omitted", "slow"]


def test_what_follows_from_something_graver_is_not_said_as_well() -> None:
    wrong_key = some_figures(
        spread=a_spread({"a": (5, 3, 1), "b": (10, 14, 18), "c": (5, 3, 1)}), facility=0.15, discrimination=0.1
    )
    assert [code for code, _ in told(an_item(difficulty=0.9), wrong_key)] == ["key"]
    assert [code for code, _ in told(an_item(), some_figures(facility=0.97, discrimination=0.02))] == ["easy"]
    assert [code for code, _ in told(an_item(difficulty=0.9), some_figures(facility=0.2))] == ["hard"]


def test_every_finding_has_a_word_for_the_table() -> None:
    assert set(WORDS) == set(ORDER)
