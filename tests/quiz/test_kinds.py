"""Every kind of question on its pages, without script: asked, answered by halves, answered, discussed, told."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.accounts import export
from app.course.item import KINDS
from app.quiz import rules
from app.quiz.models import Answer
from tests.enrollment.cast import LEARN, finish, learn, lessons, parsed, publish
from tests.inspector import inspect, visit
from tests.quiz.kinds import HALF, NAMES, RIGHT, WRONG, a_course_of_all_kinds, fields
from tests.quiz.sitting import begin, row, submit

FILES = a_course_of_all_kinds()
COURSE = parsed(FILES)


@pytest.fixture(autouse=True)
def learning(app, db, sari):
    publish(db, files=FILES)
    return finish(app, db, learn(app, db, sari), *lessons("pesan"))


@pytest.fixture
def uuid(app, db, sari):
    return begin(app, db, sari, "quiz", "pesan")


@pytest.fixture
def address(uuid):
    return f"/percobaan/{uuid}"


def page_of(db, client, uuid, kind):
    """The page that asks this kind of question."""
    number = next(n for n, entry in enumerate(row(db, uuid).draw, 1) if entry[0] == NAMES[kind])
    return visit(client, f"/percobaan/{uuid}?soal={number}")


def press(client, page, answer, item):
    form = page.soup.select_one("form[data-item]")
    data = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    return client.post(form["action"], data={**data, **fields(item, answer)})


def filled(soup, item, name="pilihan"):
    """The tokens that the fields of a page hold, as its form would send them."""
    found = [one["value"] for one in soup.select(f'input[name="{name}"]') if one.get("type") is None and one["value"]]
    found += [one["value"] for one in soup.select(f'input[name="{name}"][checked]')]
    for part in [part.id for part in item.parts] or [option.id for option in item.options]:
        for one in soup.select(f'[name="{name}:{part}"]'):
            chosen = one.select_one("option[selected]") if one.name == "select" else None
            value = chosen.get("value", chosen.get_text()) if chosen else one.get("value", "")
            if value and (one.get("type") != "radio" or one.has_attr("checked")):
                found.append(f"{part}={value}")
    return found


def stored(db, kind):
    db.rollback()
    found = db.scalar(sa.select(Answer.choice).where(Answer.item == NAMES[kind]))
    db.rollback()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_of_every_kind_is_saved_shown_again_and_counted(db, sari, uuid, address, kind):
    item, page = COURSE.item(NAMES[kind]), page_of(db, sari, uuid, kind)
    assert filled(page.soup, item) == []
    answer = press(sari, page, WRONG[kind], item)
    assert answer.status_code == 302
    assert sorted(stored(db, kind)) == sorted(WRONG[kind])
    page = page_of(db, sari, uuid, kind)
    assert sorted(filled(page.soup, item)) == sorted(WRONG[kind])
    assert "1 terjawab" in page.text and "Sudah terkirim" in page.text
    press(sari, page, RIGHT[kind], item)
    assert sorted(stored(db, kind)) == sorted(RIGHT[kind])


@pytest.mark.parametrize("kind", HALF)
def test_half_an_answer_is_kept_and_said_to_be_half(db, sari, uuid, address, kind):
    item, page = COURSE.item(NAMES[kind]), page_of(db, sari, uuid, kind)
    answer = press(sari, page, HALF[kind], item)
    assert answer.status_code == 422
    again = inspect(answer, address)
    assert again.soup.select_one("[role=alert]").get_text() == rules.missing(item, "begun")
    assert sorted(filled(again.soup, item)) == sorted(HALF[kind]) == sorted(stored(db, kind))
    assert "0 terjawab" in again.text
    number = next(n for n, entry in enumerate(row(db, uuid).draw, 1) if entry[0] == NAMES[kind])
    marks = [link["aria-label"] for link in again.soup.select("nav[aria-label='Daftar soal'] .btn")]
    assert marks[number - 1] == f"Soal {number}, belum lengkap"
    overview = visit(sari, f"{address}?soal=akhir")
    assert overview.soup.select(".lines .state")[number - 1].get_text() == "Belum lengkap"
    assert "Ada 9 soal yang belum dijawab dan 1 yang belum lengkap." in overview.text


def test_the_list_of_all_leads_to_what_is_half_done(db, sari, uuid, address):
    for kind in KINDS:
        answer = HALF.get(kind, RIGHT[kind])
        press(sari, page_of(db, sari, uuid, kind), answer, COURSE.item(NAMES[kind]))
    overview = visit(sari, f"{address}?soal=akhir")
    first = min(n for n, entry in enumerate(row(db, uuid).draw, 1) if entry[0] in {NAMES[kind] for kind in HALF})
    assert "Ada 4 soal yang belum lengkap." in overview.text and f"Lengkapi soal {first}" in overview.text
    assert f"Soal {first} dari 10" in visit(sari, address).text


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_answer_is_asked_for_in_words_that_fit_its_kind(db, sari, uuid, address, kind):
    item, page = COURSE.item(NAMES[kind]), page_of(db, sari, uuid, kind)
    answer = press(sari, page, [""] if kind in ("short_text", "number") else [], item)
    assert answer.status_code == 422
    assert inspect(answer, address).soup.select_one("[role=alert]").get_text() == rules.missing(item, "")
    assert stored(db, kind) is None


@pytest.mark.parametrize("kind", KINDS)
def test_the_script_sends_the_same_tokens_as_the_form(db, sari, uuid, address, kind):
    sent = {"soal": NAMES[kind], "pilihan": RIGHT[kind], "tindakan": str(uuid4()), "revisi": 1}
    answer = sari.post(f"{address}/jawaban", json=sent, headers={"Accept": "application/json"})
    assert answer.status_code == 200 and sorted(answer.json["pilihan"]) == sorted(RIGHT[kind])
    assert sorted(filled(page_of(db, sari, uuid, kind).soup, COURSE.item(NAMES[kind]))) == sorted(RIGHT[kind])


@pytest.mark.parametrize(("pilihan", "status"), [
    (["1=a"] * 61, 400), (["1=" + "a" * 299], 400), ([1], 400), (["1=a"] * 60, 409), (["2=" + "😀" * 200], 200),
    (["2=" + "a" * 201], 409), (["1=z"], 409), (["9=a"], 409), (["a"], 409), (["2=\u202ekebalik"], 409),
])  # fmt: skip
def test_tokens_of_another_shape_are_refused_and_the_widest_of_ours_are_taken(db, sari, uuid, address, pilihan, status):
    sent = {"soal": NAMES["cloze"], "pilihan": pilihan, "tindakan": str(uuid4()), "revisi": 1}
    answer = sari.post(f"{address}/jawaban", json=sent, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert stored(db, "cloze") == (pilihan if status == 200 else None)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_page_of_another_kind_would_send_changes_nothing(db, sari, uuid, address, kind):
    item, page = COURSE.item(NAMES[kind]), page_of(db, sari, uuid, kind)
    form = page.soup.select_one("form[data-item]")
    data = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    for more in ({"pilihan:zz": "a"}, {"pilihan": "zz=1"}, {"pilihan": "1=a"}, {"pilihan:a": "99"}):
        answer = sari.post(form["action"], data=data | more)
        assert answer.status_code in (302, 409, 422), (more, answer.status_code)
        assert "Traceback" not in answer.text
    if kind not in ("short_text", "number"):
        assert not stored(db, kind)
    assert filled(page_of(db, sari, uuid, kind).soup, item) == (stored(db, kind) or [])


def test_what_was_written_is_shown_as_words_and_never_as_tags(app, db, sari, uuid, address):
    hostile = "<script>alert(1)</script>"
    for kind, answer in (("short_text", [hostile]), ("cloze", [f"2={hostile}"])):
        page = press(sari, page_of(db, sari, uuid, kind), answer, COURSE.item(NAMES[kind]))
        if page.status_code == 422:
            assert hostile not in page.text and "&lt;script&gt;" in page.text
        assert "<script>alert" not in page_of(db, sari, uuid, kind).html
    submit(app, db, sari, uuid)
    result = visit(sari, f"{address}/hasil")
    assert "<script>alert" not in result.html and "alert(1)" in result.text


@pytest.mark.parametrize(("answers", "said"), [
    (RIGHT, {
        "single_choice": ["Jawaban Anda, benar Menelepon nomor di kartu."],
        "multiple_response": ["Pilihan Anda, benar Batas waktu yang pendek.", "Pilihan Anda, benar Permintaan kode"],
        "true_false": ["Jawaban Anda, benar Benar atau salah? Salah",
                       "Jawaban Anda, benar Apa alasannya? Kode OTP menyetujui sebuah transaksi."],
        "ordering": ["Urutan Anda: ke-1, benar 1. Menutup sambungan telepon.",
                     "Urutan Anda: ke-4, benar 4. Melapor lewat situs resmi."],
        "matching": ["Jawaban Anda, benar Kode OTP → Menyetujui transaksi",
                     "Setiap kode punya guna sendiri."],
        "hotspot_text": ["Pilihan Anda, benar hangus jam 12"],
        "short_text": ["Jawaban Anda, benar penipuan"],
        "number": ["Jawaban Anda, benar 3.45"],
        "cloze": ["Jawaban Anda, benar Isian 1 OTP", "Jawaban Anda, benar Isian 2 APK", "Kode 1 … hanya untuk Anda."],
        "picture_choice": ["Jawaban Anda, benar"],
    }),
    (WRONG, {
        "single_choice": ["Jawaban Anda, salah Membaca pesannya dua kali.", "Jawaban benar Menelepon nomor di kartu."],
        "multiple_response": ["Pilihan Anda, salah Salam", "Jawaban benar yang terlewat Permintaan kode OTP."],
        "true_false": ["Jawaban Anda, salah Benar atau salah? Benar", "Jawaban benar Benar atau salah? Salah"],
        "ordering": ["Urutan Anda: ke-4 1. Menutup sambungan telepon.", "Urutan Anda: ke-3 2. Menghubungi bank"],
        "matching": ["Jawaban Anda, salah Kode OTP → Mencetak struk", "Jawaban benar Kode OTP → Menyetujui transaksi"],
        "hotspot_text": ["Pilihan Anda, salah Selamat siang", "Jawaban benar yang terlewat Kirim kode OTP"],
        "short_text": ["Jawaban Anda, salah <b>pencurian</b>", "Jawaban benar penipuan"],
        "number": ["Jawaban Anda, salah 7 Kurang tepat. Hitung sekali lagi.", "Jawaban benar 3,5 ± 0,1"],
        "cloze": ["Jawaban Anda, salah Isian 1 pos", "Jawaban benar Isian 3 10 ± 1"],
        "picture_choice": ["Jawaban Anda, salah", "Kurang tepat. Tidak ada tanda apa pun."],
    }),
    ({"short_text": ["tipuan"], "number": ["35"], "ordering": ["c=1"]}, {
        "short_text": ["Jawaban Anda, benar sebagian tipuan Hampir tepat.", "Benar sebagian."],
        "number": ["Jawaban Anda, benar sebagian 35"],
        "ordering": ["Urutan Anda: ke-1, benar 1. Menutup", "Belum Anda urutkan 2. Menghubungi bank"],
        "cloze": ["Tidak dijawab.", "Jawaban benar Isian 1 OTP"],
    }),
])  # fmt: skip
def test_the_result_discusses_every_kind(app, db, sari, uuid, address, answers, said):
    for kind, answer in answers.items():
        press(sari, page_of(db, sari, uuid, kind), answer, COURSE.item(NAMES[kind]))
    submit(app, db, sari, uuid)
    page = visit(sari, f"{address}/hasil")
    found = {
        NAMES[kind]: " ".join(article.get_text(" ").split())
        for article in page.soup.select("article")
        for kind in KINDS
        if NAMES[kind] in article.h3.get_text()
    }
    for kind, sentences in said.items():
        for sentence in sentences:
            assert " ".join(sentence.split()) in found[NAMES[kind]].replace(" .", "."), (kind, found[NAMES[kind]])


def test_all_right_is_a_full_score(app, db, sari, uuid):
    for kind in KINDS:
        press(sari, page_of(db, sari, uuid, kind), RIGHT[kind], COURSE.item(NAMES[kind]))
    submit(app, db, sari, uuid)
    assert row(db, uuid).score == 100.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_lesson_asks_and_answers_every_kind_by_its_address(sari, kind):
    item = COURSE.item(f"materi-{kind.replace('_', '-')}")
    address = f"{LEARN}/pesan/materi-1"
    fresh = visit(sari, address)
    assert filled(fresh.soup, item, item.id) == []
    for answer, verdict in ((RIGHT[kind], "Benar."), (WRONG[kind], ("Belum tepat.", "Belum semuanya tepat."))):
        query = {"periksa": item.id, **fields(item, answer, item.id)}
        page = visit(sari, f"{address}?{urlencode(query, doseq=True)}")
        assert page.soup.select_one("[role=status] > p").get_text().startswith(verdict), kind
        assert sorted(filled(page.soup, item, item.id)) == sorted(answer)
    empty = visit(sari, f"{address}?periksa={item.id}")
    assert ("Pilih jawaban dahulu" if item.chosen_from else "Jawab dahulu") in empty.text


def test_a_lesson_brings_the_script_for_sorting_only_where_something_is_sorted(sari):
    def scripts(lesson):
        return [tag["src"].partition("?")[0] for tag in visit(sari, f"{LEARN}/{lesson}").soup.select("script")]

    assert scripts("pesan/materi-1") == ["/static/js/sort.js"]
    assert scripts("pesan/praktik") == scripts("pintu/materi-1") == []


def test_a_person_finds_their_answers_in_words(app, db, sari, uuid):
    for kind in KINDS:
        press(sari, page_of(db, sari, uuid, kind), WRONG[kind], COURSE.item(NAMES[kind]))
    with app.app_context():
        held = export.held(db, sari.person.id)["Jawaban kuis dan tes"]
        db.rollback()
    said = {line["Soal"].split()[-1].rstrip("?"): line["Jawaban Anda"] for line in held}
    assert said[NAMES["ordering"]].startswith("1. Melapor lewat situs resmi. / 2. Mencatat")
    assert said[NAMES["matching"]] == "Kode OTP: Mencetak struk / Kata sandi: Menyetujui transaksi"
    assert said[NAMES["short_text"]] == "<b>pencurian</b>"
    page = visit(sari, "/akun/data")
    assert "<b>pencurian" not in page.html and "<b>pencurian</b>" in page.text


def test_no_kind_looks_alike_to_a_screen_reader(db, sari, uuid):
    """Each field has a name of its own on its page."""
    for kind in KINDS:
        soup = page_of(db, sari, uuid, kind).soup
        names = [_name(soup, field) for field in soup.select("main form :is(select, input:not([type=hidden]))")]
        assert len(names) == len(set(names)) and all(names), (kind, names)


def _name(soup, field):
    if said := field.get("aria-labelledby"):
        return " ".join(soup.find(id=one).get_text(" ", strip=True) for one in said.split())
    if field.get("aria-label"):
        return field["aria-label"]
    label = field.find_parent("label") or soup.select_one(f'label[for="{field["id"]}"]')
    pictures = " ".join(picture["alt"] for picture in label.select("img"))
    return f"{label.get_text(' ', strip=True)} {pictures}".strip()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_every_kind_costs_10_kb_at_most_with_its_scripts(db, sari, uuid, kind):
    page = page_of(db, sari, uuid, kind)
    wanted = [page.url, *(tag["src"] for tag in page.soup.select("script"))]
    sizes = [int(sari.get(url, headers={"Accept-Encoding": "br"}).headers["Content-Length"]) for url in wanted]
    assert sum(sizes) + 500 * len(sizes) <= 10_000, sizes
    assert len(sizes) == (3 if kind == "ordering" else 2)
