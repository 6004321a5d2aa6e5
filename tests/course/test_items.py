"""Every kind of question as trainers write it: what it says, and what answers to it are worth."""

from __future__ import annotations

import re
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.course import actions, queries
from app.course.content import examine, parse
from app.course.item import KINDS, STATUSES, Item, Kind
from app.course.lint_items import lint_item
from app.course.responses import canonical, whole
from app.course.scoring import points
from app.course.shapes import Course, Problem
from app.enrollment.rules import steps_of
from tests.builders import NOON
from tests.builders_course import a_course_files, a_question, a_question_file
from tests.builders_items import PICTURES, RIGHT, a_question_of

QUIZ = "1-pesan/kuis.md"


def files_with(*questions: str) -> dict[str, str]:
    return a_course_files(**{QUIZ: a_question_file(*questions)}) | PICTURES


def the_item(question: str) -> Item:
    course = parse(files_with(question))
    assert isinstance(course, Course), [f"{p.file}:{p.line} {p.text}" for p in course]
    return course.modules[0].items[0]


def of(kind: Kind, old: str = "", new: str = "", more: str = "") -> str:
    """A question of this kind with one piece changed."""
    text = a_question_of(kind, "satu", more)
    assert old in text, f"the {kind} has no {old!r}"
    return text.replace(old, new, 1)


def problems_in(question: str) -> list[Problem]:
    files = files_with(question)
    found = [problem for problem in examine(files).problems if problem.file == QUIZ]
    assert all(1 <= problem.line <= files[QUIZ].count("\n") for problem in found)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_read_and_its_right_answer_is_worth_everything(kind: Kind):
    item = the_item(of(kind))
    assert item.kind == kind
    assert (item.id, item.bloom, item.objective, item.module, item.digcomp) == (
        "satu",
        "terapkan",
        1,
        "pesan",
        ("4.2",),
    )
    answer = canonical(item, RIGHT[kind])
    assert points(item, answer) == 1
    assert whole(item, answer)
    assert points(item, []) == 0


@pytest.mark.parametrize(
    ("kind", "answer", "worth"),
    [
        ("single_choice", ["a"], 0),
        ("multiple_response", ["a"], Fraction(1, 2)),
        ("multiple_response", ["a", "b", "c"], Fraction(1, 2)),
        ("true_false", ["pernyataan=salah"], Fraction(1, 2)),
        ("true_false", ["pernyataan=benar", "alasan=b"], 0),
        ("ordering", ["c=1", "a=2", "d=4", "b=3"], Fraction(2, 3)),
        ("matching", ["satu=p", "dua=p"], Fraction(1, 2)),
        ("hotspot_text", ["a", "b"], 0),
        ("short_text", ["Penipuan."], 1),
        ("short_text", ["tipuan"], Fraction(4, 5)),
        ("short_text", ["apa saja"], 0),
        ("number", ["3,6"], 1),
        ("number", ["3,61"], 0),
        ("number", ["35"], Fraction(1, 2)),
        ("cloze", ["1=a", "2=.APK"], Fraction(1, 2)),
        ("cloze", ["3=9"], Fraction(1, 2)),
        ("picture_choice", ["b"], 0),
    ],
)
def test_other_answers_are_worth_what_the_docs_say(kind: Kind, answer: list[str], worth: Fraction):
    item = the_item(of(kind))
    assert points(item, canonical(item, answer)) == worth


def test_options_keep_what_belongs_to_them():
    number = the_item(of("number")).options
    assert [(one.text, one.tolerance, one.worth) for one in number] == [
        ("3,5", Fraction(1, 10), None),
        ("35", None, Fraction(1, 2)),
        ("*", None, None),
    ]
    cloze = the_item(of("cloze"))
    assert [(part.id, part.kind, part.weight) for part in cloze.parts] == [
        ("1", "choice", 1),
        ("2", "short_text", 1),
        ("3", "number", 2),
    ]
    assert cloze.html.count("<span data-gap=") == 3
    assert '<span data-gap="2"></span>' in cloze.html
    assert cloze.explanation == "Kode OTP adalah kunci. Berkas .apk adalah aplikasi."
    verdict, reason = the_item(of("true_false")).parts
    assert (verdict.id, [one.id for one in verdict.options]) == ("pernyataan", ["benar", "salah"])
    assert (reason.id, reason.keys) == ("alasan", {"b"})


def test_what_is_said_to_a_pair_belongs_to_that_pair_only():
    first, second = the_item(of("matching")).parts
    assert [one.id for one in first.options] == [one.id for one in second.options] == ["p", "q", "r"]
    assert [one.feedback[:10] for one in first.options] == ["Karena itu", "", ""]
    assert (first.keys, second.keys) == ({"p"}, {"q"})


def test_two_left_sides_may_share_a_right_one():
    item = the_item(of("matching", "- => Mencetak struk {#r}", "- PIN => Menyetujui transaksi {#p}"))
    assert [part.keys for part in item.parts] == [{"p"}, {"q"}, {"p"}]
    assert [one.id for one in item.parts[0].options] == ["p", "q"]


def test_words_of_a_message_are_found_through_marks_and_quotes():
    message = '::: pesan dari="0800-0000-0000" jam="19.42"\nKirim "kode **OTP** & PIN"\nsekarang juga.\n:::\n\n'
    options = (
        '- [x] "kode OTP & PIN" sekarang {#a}\n  > Ya.\n- [ ] juga {#b}\n  > Bukan.\n- [ ] 19.42 {#c}\n  > Bukan.\n'
    )
    item = the_item("## Bagian mana? {#satu jenis=tanda bloom=ingat tujuan=1}\n\n" + message + options)
    assert '<span data-option="a">“kode <strong>OTP</strong> &amp; PIN”\nsekarang</span>' in item.html
    assert '<span data-option="b">juga</span>' in item.html
    assert '· <span data-option="c">19.42</span></figcaption>' in item.html


def test_a_message_never_tells_whether_it_is_a_fraud():
    assert 'aria-label="Contoh pesan rekaan"' in the_item(of("hotspot_text")).html


def test_lists_and_gaps_inside_a_box_belong_to_the_text():
    box = "::: langkah\n1. **Satu.** Baca.\n2. **Dua.** Tulis.\n:::\n\n"
    item = the_item(of("ordering", "1. Menutup", box + "1. Menutup"))
    assert len(item.options) == 4
    assert item.html.startswith('<ol class="big-n">')


def test_without_a_kind_the_keys_decide():
    assert the_item(a_question("satu")).kind == "single_choice"
    assert the_item(a_question("satu", keys=2)).kind == "multiple_response"
    fifty = a_question("satu", keys=2).replace("[x]", "[50]")
    item = the_item(fifty)
    assert item.kind == "multiple_response"
    assert points(item, ["a", "b"]) == 1
    assert the_item(a_question("satu").replace("[ ]", "[50]", 1)).kind == "single_choice"


def test_a_worth_of_its_own_is_read_as_percent_and_a_third_is_a_third():
    text = of("multiple_response", "[x]", "[33,333]").replace("[x]", "[66.667]").replace("[ ]", "[-50]")
    item = the_item(text)
    assert [one.worth for one in item.options] == [Fraction(1, 3), Fraction(-1, 2), Fraction(2, 3)]
    assert points(item, ["a", "c"]) == 1
    assert points(item, ["a", "b"]) == 0
    part = the_item(of("single_choice", "[ ]", "[33.3]"))
    assert part.options[0].worth == Fraction(333, 1000)
    assert not part.options[0].correct


@pytest.mark.parametrize("status", STATUSES)
def test_a_question_keeps_its_status_and_only_a_published_one_is_drawn(status: str):
    files = files_with(
        *(a_question(f"soal-{n}", key=n) for n in range(3)), of("number", more=f" status={status} sulit=0,7")
    )
    course = parse(files)
    assert isinstance(course, Course)
    item = course.modules[0].items[3]
    assert (item.status, item.difficulty, item.drawable) == (status, 0.7, status == "terbit")
    assert len(course.modules[0].drawable) == (4 if status == "terbit" else 3)
    assert course.item("satu") is item


def test_a_module_whose_questions_are_all_drafts_has_no_quiz():
    course = parse(files_with(a_question("satu", " status=draf")))
    assert isinstance(course, Course)
    assert not course.module("pesan").drawable
    assert [step.kind for step in steps_of(course.modules[0])] == ["lesson", "practice"]
    assert course.item("satu") is course.modules[0].items[0]


def test_a_draft_may_wait_for_its_feedback():
    bare = "\n".join(line for line in a_question("satu", " status=draf").split("\n") if not line.startswith("  >"))
    assert problems_in(bare) == []
    assert len(problems_in(bare.replace("draf", "ditinjau"))) == 3


def test_accepted_words_are_no_markdown():
    item = the_item(of("short_text", "- [x] penipuan {#a}", "- [x] *tipu_tipu* 5\\* {#a}"))
    assert (item.options[0].text, item.options[0].html) == ("*tipu_tipu* 5\\*", "*tipu_tipu* 5*")
    assert points(item, ["pura-pura TIPU_TIPU saja 5*"]) == 1
    assert points(item, ["tipu tipu 5"]) == 0


def test_ids_from_words_follow_the_kind():
    bare = a_question_of("short_text", "satu").replace(" {#a}", "").replace(" {#b}", "")
    again = bare.replace("- [x] penipuan", "- [x] Pe-ni-puan.")
    assert the_item(bare).options[0].id == the_item(again.replace("Pe-ni-puan.", "PENIPUAN")).options[0].id
    picture = a_question_of("picture_choice", "satu").replace(" {#a}", "")
    moved = picture.replace("media/gembok.png", "media/kosong.png", 1)
    assert the_item(picture).options[0].id == the_item(moved).options[0].id, "the file's name tells nobody anything"


def test_every_kind_comes_back_from_a_published_version(app, db: Session):
    files = a_course_files(whole=True) | PICTURES
    files[QUIZ] += "\n" + "\n".join(a_question_of(kind, f"jenis-{n}") for n, kind in enumerate(KINDS))
    before = parse(files)
    assert isinstance(before, Course)
    version = actions.publish(db, "contoh", files, NOON)
    with app.app_context():
        assert asdict(queries.content(db, version.id)) == asdict(before)
    assert queries.texts(db, version.id) == files


def test_the_examples_of_the_handbook_are_read_without_a_problem():
    handbook = Path("docs/course-format.md").read_text(encoding="utf-8")
    examples = [text for text in re.findall(r"^```markdown\n(.*?)^```", handbook, re.M | re.S) if "jenis=" in text]
    files = files_with(*examples)
    files["rujukan.toml"] += files["rujukan.toml"].replace("[lapor]", "[iasc]").split("\n\n")[0]
    course = parse(files)
    assert isinstance(course, Course), [f"{p.file}:{p.line} {p.text}" for p in course]
    read = course.modules[0].items
    assert {item.kind for item in read} == set(KINDS) - {"single_choice", "multiple_response"}
    assert [(p.line, p.text) for item in read for p in lint_item(item)] == []
