"""Markdown becomes exactly the HTML of the design."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.course.markdown import Rendered, render, render_line
from app.course.safe_html import sanitise
from app.course.shapes import Reference
from app.course.texts import count_words, curl, sentences

REFERENCES = {
    "iasc": Reference("iasc", "situs", "IASC", "iasc.contoh", date(2026, 11, 23), "rekaan"),
    "ojk": Reference("ojk", "telepon", "Kontak OJK", "157", date(2026, 11, 23), "rekaan"),
    "kasus": Reference("kasus", "angka", "Kasus", "4.032", date(2026, 11, 22), "rekaan"),
}


def drawn(text: str) -> Rendered:
    rendered = render(text, REFERENCES, 10, "1-pesan/01-materi.md")
    assert rendered.problems == (), [problem.text for problem in rendered.problems]
    return rendered


def flat(html: str) -> str:
    """The HTML without line ends between tags, as in the mock."""
    return re.sub(r"\s*\n\s*", "", html)


def wrong(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.text) for problem in render(text, REFERENCES, 10, "f.md").problems]


def test_a_scam_message_looks_as_in_the_design():
    html = drawn(
        '::: pesan dari="0800-0000-0000" jam="19.42"\n'
        "SELAMAT! ==Hadiah hangus==. Kirim ==kode OTP== ke hadiah.contoh.\n:::"
    ).html
    assert flat(html) == (
        '<figure class="letter stack tight" aria-label="Contoh pesan penipuan, bukan pesan sungguhan">'
        '<figcaption class="from">Contoh rekaan · dari 0800-0000-0000 · 19.42</figcaption>'
        '<div class="bubble"><p>SELAMAT! <mark>Hadiah hangus</mark><span class="num">1</span>. '
        'Kirim <mark>kode OTP</mark><span class="num">2</span> ke hadiah.contoh.</p></div></figure>'
    )


def test_a_harmless_message_says_so():
    html = drawn('::: pesan dari="Bu Rina" jenis=wajar\nBesok kerja bakti.\n:::').html
    assert 'aria-label="Contoh pesan yang wajar"' in html
    assert "Contoh rekaan · dari Bu Rina</figcaption>" in html


def test_signs_explain_the_numbers_and_lose_the_dot_of_their_title():
    html = drawn("::: tanda\n1. **Didesak.** Batas *waktu*.\n2. **Diminta memberi?** Jangan.\n:::").html
    assert flat(html) == (
        '<ol class="signs">'
        '<li><span class="num" aria-hidden="true">1</span><div><h3>Didesak</h3><p>Batas <em>waktu</em>.</p></div></li>'
        '<li><span class="num" aria-hidden="true">2</span><div><h3>Diminta memberi?</h3><p>Jangan.</p></div></li></ol>'
    )


def test_numbers_run_on_through_a_card_with_two_messages():
    box = '::: pesan dari="A"\n==satu==\n:::\n\n::: tanda\n1. **A.** B.\n:::\n\n'
    rendered = drawn(box + box)
    assert re.findall(r'<span class="num"[^>]*>(\d)', rendered.html) == ["1", "1", "2", "2"]
    assert (rendered.marks, rendered.signs) == (2, 2)


def test_steps_have_big_numbers_and_may_hold_more_than_a_line():
    html = drawn("::: langkah\n1. **Berhenti.** Letakkan HP.\n\n   - tarik napas\n2. **Periksa.**\n:::").html
    assert flat(html) == (
        '<ol class="big-n"><li><div><h3>Berhenti</h3><p>Letakkan HP.</p><ul><li>tarik napas</li></ul></div></li>'
        "<li><div><h3>Periksa</h3></div></li></ol>"
    )


@pytest.mark.parametrize(
    ("name", "classes"), [("ingat", "note keep"), ("info", "note"), ("awas", "note bad"), ("bagus", "note ok")]
)
def test_notes_have_their_colour(name: str, classes: str):
    assert (
        flat(drawn(f"::: {name}\nSatu *tanda*.\n:::").html)
        == f'<div class="{classes}"><p>Satu <em>tanda</em>.</p></div>'
    )


def test_a_note_with_a_title_is_stacked():
    html = drawn("::: info\n### Jika ragu\nBerhenti.\n:::").html
    assert flat(html) == '<div class="note stack tight"><h3>Jika ragu</h3><p>Berhenti.</p></div>'


def test_a_table_can_be_scrolled_and_has_a_name():
    html = drawn("| Berkas | Besar |\n| --- | ---: |\n| `a.jpg` | 12 |").html
    assert flat(html) == (
        '<div class="scroll" tabindex="0" role="region" aria-label="Tabel: Berkas, Besar"><table class="table">'
        '<thead><tr><th scope="col">Berkas</th><th class="n" scope="col">Besar</th></tr></thead>'
        '<tbody><tr><td><code>a.jpg</code></td><td class="n">12</td></tr></tbody></table></div>'
    )


def test_references_become_links_numbers_and_words():
    rendered = drawn("Buka [[iasc]], tekan [[ojk]], ada [[kasus]] kasus.")
    assert rendered.html == (
        '<p>Buka <a href="https://iasc.contoh" rel="noopener external">iasc.contoh</a>, '
        'tekan <a href="tel:157">157</a>, ada 4.032 kasus.</p>'
    )
    assert rendered.used == {"iasc", "ojk", "kasus"}
    assert "ada 4.032 kasus" in rendered.passages[0].text


def test_nothing_in_a_message_can_be_pressed():
    rendered = drawn('::: pesan dari="A"\nBuka [[iasc]].\n:::')
    assert "<a" not in rendered.html
    assert "iasc.contoh" in rendered.html
    found = wrong('::: pesan dari="A"\n[buka](https://hadiah.contoh)\n:::')
    assert found == [(12, "Tautan tidak boleh ada di dalam pesan contoh atau soal. Tulis sebagai teks.")]
    assert "href" not in render('::: pesan dari="A"\n[buka](https://hadiah.contoh)\n:::', {}).html


def test_headings_and_options_hold_no_links_but_feedback_may():
    words, rendered = render_line("Tekan [[ojk]] **segera**", REFERENCES, 5)
    assert (words, rendered.html) == ("Tekan 157 segera", "Tekan 157 <strong>segera</strong>")
    assert "tel:157" in render_line("Tekan [[ojk]]", REFERENCES, 5, linked=True)[1].html


def test_quotes_curl_in_prose_and_stay_straight_in_code():
    html = drawn('Ia berkata, "**Cepat**, Jum\'at!" lalu `"x" ...` dan "tunggu..."').html
    assert html == '<p>Ia berkata, “<strong>Cepat</strong>, Jum’at!” lalu <code>"x" ...</code> dan “tunggu…”</p>'


def test_ordinary_markdown_is_plain():
    html = drawn("### Sub\n\nSatu\\\ndua ~~tiga~~\n\n- a\n- b\n\n3. c\n4. d").html
    assert flat(html) == (
        '<h3>Sub</h3><p>Satu<br>dua <s>tiga</s></p><ul><li>a</li><li>b</li></ul><ol start="3"><li>c</li><li>d</li></ol>'
    )


def test_pictures_come_from_the_media_folder_and_wait_until_seen():
    html = drawn("![Perahu di dermaga](media/perahu.webp)").html
    assert html == '<p><img src="media/perahu.webp" alt="Perahu di dermaga" loading="lazy" decoding="async"></p>'


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("a\n\n==b==", 13, "hanya berlaku di dalam “::: pesan”"),
        ("a\nb [[x]]", 12, "Rujukan [[x]] tidak ada"),
        ("a\n\n<div>b</div>", 13, "HTML tidak diterima"),
        ("a\n\n```\nb\n```", 13, "Blok kode"),
        ("a\n\n> b", 13, "umpan balik"),
        ("a\n\n***", 13, "Garis pemisah"),
        ("a\n\n:::", 13, "tidak menutup apa pun"),
        ("a\n\n::: info\nb", 13, "belum ditutup"),
        ("::: info\nb\n::: awas\nc\n:::", 11, "belum ditutup"),
        ("::: info\n:::", 11, "masih kosong"),
        ("::: info warna=biru\nb\n:::", 11, "“warna” tidak dikenal"),
        ("::: pesan\nb\n:::", 11, "belum menyebut pengirim"),
        ('::: pesan dari="A" jenis=lucu\nb\n:::', 11, "“wajar” atau “penipuan”"),
        ("::: tanda\nb\n:::", 11, "satu daftar bernomor"),
        ("::: tanda\n1. **A.** B.\n2. **C.**\n:::", 13, "belum dijelaskan"),
        ("| a |\n| --- |\n| [[x]] |", 13, "Rujukan [[x]] tidak ada"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, sentence: str):
    assert any(at == line and sentence in words for at, words in wrong(text)), wrong(text)


def test_the_second_wall_lets_only_our_html_through():
    assert sanitise('<p onclick="x">a</p><script>b</script><style>c</style>') == "<p>a</p>"
    assert sanitise('<a href="javascript:x" rel="noopener external">a</a>') == '<a rel="noopener external">a</a>'
    assert sanitise('<div class="note evil" style="x" id="y">a</div>') == '<div class="note">a</div>'
    assert sanitise("<iframe src=x></iframe><form><input></form><svg><a></a></svg>") == ""


_ALLOWED = re.compile(
    r"</?(?:a|br|code|div|em|figcaption|figure|h3|img|li|mark|ol|p|s|span|strong|table|tbody|td|th|thead|tr|ul)[\s>]"
)


_PIECES = [
    *(
        "<script>",
        "</p>",
        "<b onclick=x>",
        "<a href=",
        ">",
        "javascript:x",
        "&lt;",
        "](",
        "[",
        "]",
        "![",
        ")",
        '"',
        "'",
    ),
    *("==", "[[iasc]]", "::: pesan ", 'dari="<i>"', "::: info", ":::", "\n", "\n\n", "|a|\n|-|\n|", "1. **a.** b"),
    *("`", "**", "*"),
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=5), max_size=25))
def test_no_text_brings_foreign_html_to_the_page(parts: list[str]):
    html = render("".join(parts), REFERENCES).html
    for tag in re.findall(r"<[^>]*>", html):
        assert _ALLOWED.match(tag), tag
        assert not re.search(r"\s(?:on\w+|style|id)=", re.sub(r'"[^"]*"', '""', tag)), tag
        assert not re.search(r'(?:href|src)="\s*(?:javascript|data|vbscript):', tag, re.IGNORECASE), tag


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Sampai 23 Desember 2025, ada 1.520 laporan. Kerugian Rp10.000.000 hilang.", 2),
        ("Berkas .apk adalah aplikasi. Buka undangan.pdf.apk? Jangan!", 3),
        ("Tekan tombol di hadiah.contoh lalu berhenti.", 1),
        ("“Hari ini juga.” “Atau hangus.” Begitu katanya.", 3),
        ("Ia berkata, “Cepat!” lalu pergi.", 1),
        ("Temui dr. Sari di Jl. Merdeka No. 5 besok.", 1),
        ("Jam 19.42 ia datang. 12 orang menunggu.", 2),
        ("Didesak. Batas waktu dibuat.", 2),
        ("...", 0),
    ],
)
def test_sentences_end_where_a_reader_would_pause(text: str, count: int):
    assert len(sentences(curl(text))) == count, sentences(curl(text))


def test_words_are_what_stands_between_blanks():
    assert count_words("Satu – dua, `tiga-empat` 5 …") == 4
