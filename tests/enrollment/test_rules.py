"""The way through a course, without a database."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.course.replies import reply
from app.enrollment import rules
from app.enrollment.rules import POST, PRE, Progress, lesson_key, quiz_key
from tests.enrollment.cast import lessons, parsed, whole

COURSE = parsed()
STEPS = rules.steps(COURSE)
KEYS = [step.key for step in STEPS]
EVERYTHING = [*whole("pesan", "pintu"), POST]


def progress(*keys: str) -> Progress:
    return Progress(dict.fromkeys(keys), keys[-1] if keys else "")


def step(key: str) -> rules.Step:
    return next(one for one in STEPS if one.key == key)


def test_the_way_leads_from_the_pre_test_through_each_module_to_the_post_test():
    assert KEYS == [
        "tes-awal",
        "materi:pesan/materi-1", "materi:pesan/praktik", "kuis:pesan",
        "materi:pintu/materi-1", "materi:pintu/praktik", "kuis:pintu",
        "tes-akhir",
    ]  # fmt: skip
    assert [one.key for one in STEPS if not one.required] == [PRE]


def test_a_course_without_a_blueprint_has_no_tests():
    assert not {PRE, POST} & {one.key for one in rules.steps(replace(COURSE, cells=()))}


def test_lessons_are_open_from_the_first_day():
    for one in STEPS:
        if one.kind in ("lesson", "practice"):
            assert rules.may_open(COURSE, progress(), one) is None


def test_a_quiz_opens_when_lessons_and_practice_of_its_module_are_done():
    quiz = step(quiz_key("pesan"))
    assert rules.may_open(COURSE, progress(), quiz) == rules.LESSONS_FIRST
    assert rules.may_open(COURSE, progress(lesson_key("pesan", "materi-1")), quiz) == rules.LESSONS_FIRST
    assert rules.may_open(COURSE, progress(*lessons("pintu")), quiz) == rules.LESSONS_FIRST
    assert rules.may_open(COURSE, progress(*lessons("pesan")), quiz) is None


def test_the_post_test_opens_when_every_module_is_complete():
    post = step(POST)
    assert rules.may_open(COURSE, progress(*whole("pesan"), *lessons("pintu")), post) == rules.MODULES_FIRST
    assert rules.may_open(COURSE, progress(*whole("pesan", "pintu")), post) is None


def test_the_pre_test_closes_with_the_first_lesson_and_after_it_is_taken():
    pre = step(PRE)
    assert rules.may_open(COURSE, progress(), pre) is None
    assert rules.may_open(COURSE, progress(PRE), pre) == rules.PRE_TAKEN
    assert rules.may_open(COURSE, progress(lesson_key("pintu", "praktik")), pre) == rules.PRE_CLOSED


def test_sari_goes_on_after_the_step_she_did_last():
    assert rules.next_step(COURSE, progress()).key == lesson_key("pesan", "materi-1")
    jumped = progress(lesson_key("pintu", "materi-1"))
    assert rules.next_step(COURSE, jumped).key == lesson_key("pintu", "praktik")


def test_sari_comes_back_to_what_she_left_out():
    assert rules.next_step(COURSE, progress(*whole("pintu"))).key == lesson_key("pesan", "materi-1")
    last = progress(lesson_key("pesan", "praktik"), *lessons("pintu"))
    assert rules.next_step(COURSE, last).key == quiz_key("pintu")


def test_after_a_lesson_comes_the_next_one_or_what_still_stands_in_the_way_of_the_quiz():
    first = lesson_key("pesan", "materi-1")
    assert rules.after(COURSE, progress(first), first).key == lesson_key("pesan", "praktik")
    practice = lesson_key("pesan", "praktik")
    assert rules.after(COURSE, progress(practice), practice).key == lesson_key("pintu", "materi-1")


def test_nothing_comes_after_the_end():
    assert rules.next_step(COURSE, progress(*EVERYTHING)) is None
    assert rules.after(COURSE, progress(*EVERYTHING), POST) is None


def test_the_completion_rule_says_what_is_done_and_left():
    lines = rules.requirements(COURSE, progress(*whole("pesan")))
    assert [(line.kind, line.done, line.total, line.mark, line.met) for line in lines] == [
        ("lessons", 2, 4, 0, False),
        ("quizzes", 1, 2, 70, False),
        ("post", 0, 1, 80, False),
    ]
    assert all(line.met for line in rules.requirements(COURSE, progress(*EVERYTHING)))


def test_a_skipped_pre_test_does_not_keep_anybody_from_finishing():
    assert rules.finished(COURSE, progress(*EVERYTHING))
    assert not rules.finished(COURSE, progress(*EVERYTHING[:-1]))
    assert not rules.finished(COURSE, progress(PRE))


@given(st.sets(st.sampled_from(KEYS)))
def test_who_is_not_finished_always_has_an_open_next_step_and_finishes_by_following_it(done: set[str]):
    walked = progress(*sorted(done))
    for _ in range(len(KEYS) + 1):
        following = rules.next_step(COURSE, walked)
        if following is None:
            break
        assert following.required and rules.may_open(COURSE, walked, following) is None
        assert not walked.has(following)
        walked = walked.plus(following.key, None)
    assert rules.finished(COURSE, walked)


@given(st.sets(st.sampled_from(KEYS)))
def test_the_rule_is_met_exactly_when_the_course_is_finished(done: set[str]):
    walked = progress(*sorted(done))
    assert all(line.met for line in rules.requirements(COURSE, walked)) == rules.finished(COURSE, walked)


def test_the_reply_puts_the_chosen_first_then_the_missed_then_the_rest():
    item = COURSE.item("pesan-kuis-4")
    said = reply(item, ["b", "c"])
    assert [(line.label, line.state) for line in said.lines] == [
        ("Pilihan Anda, benar", "ok"), ("Pilihan Anda, salah", "bad"), ("Jawaban benar yang terlewat", "ok"),
    ]  # fmt: skip
    assert not said.rest and not said.right
    assert reply(item, ["a", "b"]).right
    assert not reply(item, ["a"]).right
    assert not reply(item, ["a", "b", "c"]).right


def test_what_a_lesson_would_not_send_is_no_answer():
    single, several = COURSE.item("pesan-kuis-1"), COURSE.item("pesan-kuis-4")
    assert rules.answer_of(single, {single.id: ["b"]}) == ["b"]
    assert rules.answer_of(single, {single.id: ["c", "b"]}) == []
    assert rules.answer_of(several, {several.id: ["c", "a", "a"]}) == ["a", "c"]
    assert rules.answer_of(several, {several.id: ["a", "<script>"]}) == []
    assert rules.answer_of(single, {}) == []


def test_what_went_wrong_leads_back_to_lessons_of_the_same_objective():
    wrong = [COURSE.item("pintu-kuis-1")]
    assert [(m.id, lesson.id) for m, lesson in rules.worth_repeating(COURSE, wrong)] == [("pintu", "materi-1")]
    assert rules.worth_repeating(COURSE, []) == []
    elsewhere = [replace(wrong[0], objective=2)]
    assert [lesson.id for _, lesson in rules.worth_repeating(COURSE, elsewhere)] == ["materi-1"]
