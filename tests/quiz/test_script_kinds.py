"""In a real browser: every kind of question is answered by finger and by keyboard, with script and without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.course.item import KINDS
from app.course.scoring import as_map
from tests.browser.axe import axe_finds, axe_finds_wide_and_dark
from tests.enrollment.cast import LEARN, finish, learn, lessons, parsed, publish
from tests.quiz.kinds import HALF, NAMES, RIGHT, a_course_of_all_kinds
from tests.quiz.phones import a_phone, nothing_waits, pending, says, stored
from tests.quiz.sitting import begin, row

pytestmark = pytest.mark.browser
FILES = a_course_of_all_kinds()
COURSE = parsed(FILES)
KIND = {name: kind for kind, name in NAMES.items()}


@pytest.fixture
def settings(settings):
    return settings | {"WTF_CSRF_ENABLED": True}


@pytest.fixture
def uuid(app, db, sari) -> str:
    publish(db, files=FILES)
    finish(app, db, learn(app, db, sari), *lessons("pesan"))
    return begin(app, db, sari, "quiz", "pesan")


@pytest.fixture
def phone(sari, served, browser, uuid) -> Iterator[Any]:
    """Sari's phone in the quiz of all kinds."""
    page = a_phone(browser, served, sari, uuid)
    yield page
    assert page.errors == []


@pytest.fixture
def plain(sari, served, browser, uuid) -> Any:
    """The same without script."""
    return a_phone(browser, served, sari, uuid, java_script_enabled=False)


def go(db, phone, kind):
    """Opens the question of this kind."""
    number = next(n for n, entry in enumerate(row(db, phone.uuid).draw, 1) if entry[0] == NAMES[kind])
    phone.goto(f"{phone.home}?soal={number}")


def answer(phone, kind, tokens):
    """Does what a person does who means this answer."""
    if kind == "hotspot_text":
        for number, option in enumerate(["b", "a", "c"], 1):
            if option in tokens:
                phone.locator(f"label.spot.s{number}").click()
    elif kind in ("short_text", "number"):
        phone.get_by_label("Jawaban Anda").fill(tokens[0])
    elif not as_map(tokens):
        for option in tokens:
            phone.locator(f".option:has([value={option}])").click()
    else:
        for part, value in as_map(tokens).items():
            field = phone.locator(f'[name="pilihan:{part}"]')
            if kind == "true_false":
                phone.locator(f'.option:has([name="pilihan:{part}"][value={value}])').click()
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)


def walk(phone):
    """Answers all ten questions rightly, one page after the other, and submits."""
    phone.goto(phone.home)
    for _ in KINDS:
        kind = KIND[phone.locator("form[data-item]").get_attribute("data-item")]
        answer(phone, kind, RIGHT[kind])
        here = phone.url
        phone.get_by_role("button", name="Simpan dan lanjut").click()
        phone.wait_for_url(lambda url, here=here: url != here)
    assert "Semua 10 soal sudah dijawab." in phone.locator("main").inner_text()
    phone.get_by_role("button", name="Kumpulkan jawaban").click()
    phone.wait_for_url("**/hasil")


def test_with_script_all_ten_kinds_are_answered_on_a_phone(db, phone):
    walk(phone)
    assert {name: sorted(choice) for name, (choice, _) in stored(db).items()} == {
        NAMES[kind]: sorted(RIGHT[kind]) for kind in KINDS
    }
    assert "Anda lulus dengan nilai 100" in phone.locator("h1").inner_text()


def test_without_script_all_ten_kinds_are_answered_on_a_phone(db, plain):
    walk(plain)
    assert {name: sorted(choice) for name, (choice, _) in stored(db).items()} == {
        NAMES[kind]: sorted(RIGHT[kind]) for kind in KINDS
    }
    assert "Anda lulus dengan nilai 100" in plain.locator("h1").inner_text()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_waits_on_the_phone_without_a_signal_and_is_shown_again(db, phone, kind):
    go(db, phone, kind)
    phone.route("**/jawaban", lambda route: route.abort())
    answer(phone, kind, RIGHT[kind])
    phone.locator("h1").click()  # whoever types has done so when they touch something else
    says(phone, "Tersimpan di HP. Menunggu sinyal")
    assert sorted(pending(phone)[NAMES[kind]]["pilihan"]) == sorted(RIGHT[kind]) and stored(db) == {}
    phone.reload()
    says(phone, "Tersimpan di HP. Menunggu sinyal")
    again = phone.evaluate("""() => [...new FormData(document.querySelector("form[data-quiz]"))]
        .filter(([name, value]) => name.startsWith("pilihan") && value)
        .map(([name, value]) => (name.slice(8) && name.slice(8) + "=") + value)""")
    assert sorted(again) == sorted(RIGHT[kind])
    phone.unroute("**/jawaban")
    phone.reload()
    nothing_waits(phone)
    assert sorted(stored(db)[NAMES[kind]][0]) == sorted(RIGHT[kind])


def test_what_is_typed_is_saved_when_the_typing_rests_and_not_said_to_be_before(db, phone):
    go(db, phone, "short_text")
    phone.get_by_label("Jawaban Anda").press_sequentially("peni", delay=20)
    says(phone, "Belum tersimpan")
    assert pending(phone) == {} and stored(db) == {}
    phone.get_by_label("Jawaban Anda").press_sequentially("puan", delay=20)
    says(phone, "Sudah terkirim")
    assert stored(db)[NAMES["short_text"]] == (["penipuan"], 1), "once for all letters"
    phone.get_by_label("Jawaban Anda").fill("")
    nothing_waits(phone)
    says(phone, "Sudah terkirim")
    assert stored(db)[NAMES["short_text"]][0] == []


def test_who_leaves_while_typing_loses_nothing(db, phone):
    go(db, phone, "cloze")
    phone.get_by_label("Isian 2").press_sequentially("ap")
    phone.goto(f"{phone.home}?soal=akhir")
    for _ in range(100):
        if NAMES["cloze"] in stored(db):
            break
        phone.wait_for_timeout(50)
    assert stored(db)[NAMES["cloze"]][0] == ["2=ap"]


def rows(phone):
    return phone.locator(".sort > li > span").all_inner_texts()


def test_rows_are_moved_by_buttons_with_the_keyboard_and_the_new_place_is_said(db, phone):
    go(db, phone, "ordering")
    before = rows(phone)
    last = phone.locator(".sort > li").nth(3)
    assert last.get_by_role("button", name=f"Turun: {before[3]}").get_attribute("aria-disabled") == "true"
    up = phone.get_by_role("button", name=f"Naik: {before[3]}")
    up.focus()
    phone.keyboard.press("Enter")
    assert rows(phone) == [before[0], before[1], before[3], before[2]]
    assert phone.locator(".sort + [role=status]").inner_text() == f"{before[3]}: urutan ke-3 dari 4"
    assert phone.evaluate("document.activeElement.getAttribute('aria-label')") == f"Naik: {before[3]}"
    for _ in range(3):
        phone.keyboard.press("Space")
    assert rows(phone) == [before[3], before[0], before[1], before[2]], "at the top it stays"
    assert phone.locator(".sort select").evaluate_all("all => all.map(one => one.value)") == ["1", "2", "3", "4"]
    nothing_waits(phone)
    says(phone, "Sudah terkirim")
    ids = {option.text: option.id for option in COURSE.item(NAMES["ordering"]).options}
    placed = as_map(stored(db)[NAMES["ordering"]][0])
    assert [placed[ids[text]] for text in rows(phone)] == ["1", "2", "3", "4"]
    phone.reload()
    assert rows(phone) == [before[3], before[0], before[1], before[2]]


def test_a_place_that_is_chosen_moves_the_row_there(db, phone):
    go(db, phone, "ordering")
    before = rows(phone)
    phone.locator(".sort select").nth(0).select_option("3")
    assert rows(phone) == [before[1], before[2], before[0], before[3]]
    phone.locator(".sort select").nth(1).select_option("2")
    assert rows(phone) == [before[1], before[2], before[0], before[3]]
    nothing_waits(phone)
    assert len(stored(db)[NAMES["ordering"]][0]) == 4


def test_without_script_two_rows_at_one_place_are_kept_and_said(db, plain):
    go(db, plain, "ordering")
    answer(plain, "ordering", HALF["ordering"])
    plain.get_by_role("button", name="Simpan dan lanjut").click()
    assert "Setiap baris harus punya urutan sendiri." in plain.locator("[role=alert]").inner_text()
    assert sorted(stored(db)[NAMES["ordering"]][0]) == sorted(HALF["ordering"])
    assert plain.locator(".sort select").nth(0).input_value() == "1"
    assert plain.locator(".sort select").nth(1).input_value() == "1"
    plain.get_by_text("Lewati dulu", exact=True).click()
    plain.goto(f"{plain.home}?soal=akhir")
    assert "belum lengkap" in plain.locator("main").inner_text().casefold()


def test_words_that_are_tapped_are_marked_and_so_is_the_list_without_script(db, plain):
    go(db, plain, "hotspot_text")
    spot, box = plain.locator("label.spot.s2"), plain.get_by_role("checkbox", name="hangus jam 12", exact=True)
    look = "one => getComputedStyle(one).fontWeight"
    empty = spot.evaluate(look)
    spot.click()
    assert box.is_checked() and spot.evaluate(look) != empty
    box.focus()
    plain.keyboard.press("Space")
    assert not box.is_checked() and spot.evaluate(look) == empty
    assert plain.locator("label.spot.s1").evaluate(look) == empty


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_everything_to_tap_is_large_enough_and_nothing_hangs_over_the_edge(db, phone, width):
    phone.set_viewport_size({"width": width, "height": 740})
    for kind in KINDS:
        go(db, phone, kind)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), kind
        small = phone.locator("main form :is(button, select, input:not([type=hidden]), .option)").evaluate_all(
            "all => all.filter(one => !one.closest('.option') || one.matches('.option')).filter(one => {"
            " const { width, height } = one.getBoundingClientRect(); return width < 44 || height < 44; })"
            ".map(one => one.outerHTML)"
        )
        assert small == [], kind
    go(db, phone, "hotspot_text")
    assert all(
        height >= 24 for height in phone.locator(".spot").evaluate_all("all => all.map(one => one.offsetHeight)")
    )


def test_axe_finds_nothing_on_any_kind(db, phone):
    wrong: list[str] = []
    for kind in KINDS:
        go(db, phone, kind)
        answer(phone, kind, HALF.get(kind, RIGHT[kind]))
        wrong += [f"{kind}: {one}" for one in axe_finds(phone) + axe_finds_wide_and_dark(phone)]
        phone.emulate_media(color_scheme="light")
        phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto(phone.home.partition("/percobaan")[0] + f"{LEARN}/pesan/materi-1")
    wrong += axe_finds(phone)
    assert not wrong, "\n".join(wrong)


def test_a_lesson_is_answered_without_script(plain):
    home = plain.home.partition("/percobaan")[0]
    for kind in ("ordering", "cloze", "hotspot_text"):
        plain.goto(f"{home}{LEARN}/pesan/materi-1")
        name = f"materi-{kind.replace('_', '-')}"
        if kind == "hotspot_text":
            for number in (2, 3):
                plain.locator(f'label[for="{name}.{number}"]').click()
        for part, value in as_map(RIGHT[kind]).items():
            field = plain.locator(f'[name="{name}:{part}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        plain.locator(f"button[value={name}]").click()
        assert plain.locator("[role=status] > p").first.inner_text() == "Benar.", kind


def test_enter_in_a_lesson_answers_what_was_typed_and_asks_for_nothing_else(plain):
    plain.goto(f"{plain.home.partition('/percobaan')[0]}{LEARN}/pesan/materi-1")
    field = plain.locator('[name="materi-number"]')
    field.fill("3,5")
    field.press("Enter")
    plain.wait_for_url("**materi-number=3%2C5**")
    assert plain.locator("[role=status] > p").first.inner_text() == "Benar."
    assert plain.locator(".wrong").count() == 0
