"""Each type of question that Moodle XML knows, as a kind of ours or as a reason why it is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from app.course.item import Kind
from app.errors import N_
from app.exchange import embedded
from app.exchange.course_text import number_words
from app.exchange.gathering import empty
from app.exchange.making import parted, weighed
from app.exchange.moodle_element import Asked, text_in
from app.exchange.sketch import Entry, Gap, Sketch, Unfit
from app.exchange.worths import number, percent

_NO_PERSON = N_("Soal esai dinilai oleh orang; di sini soal dinilai otomatis. Ubah menjadi soal berpilihan atau isian.")
_TOLD = N_("Ini keterangan tanpa jawaban, bukan soal. Tulis sebagai materi.")
_DRAWN = N_("Ini perintah untuk mengambil soal acak, bukan soal. Di sini pengambilan diatur di kisi-kisi kuis.")
_COMPUTED = N_("Angka soal ini dihitung Moodle dari rumus. Tulis satu soal jenis=angka untuk setiap kumpulan angka.")
_DRAGGED = N_("Soal ini menaruh benda di atas gambar. Ubah menjadi soal memasangkan atau soal berpilihan.")
_STRICT = N_(
    "Soal ini hanya bernilai jika semua pilihan tepat; aturan itu tidak ada di sini. Ubah menjadi multichoice."
)
_UNKNOWN = N_("Jenis “%(kind)s” tidak ada padanannya di sini.")
_FEW = N_("Soal ini punya kurang dari dua pilihan.")
_EMPTY = N_("Ada pilihan yang kosong.")
_NO_ANSWER = N_("Soal ini tidak punya jawaban.")
_WEIGHT = N_("Bobot “%(weight)s” bukan persen dari -100 sampai 100.")
_NUMBER = N_("“%(number)s” bukan angka. Tulis angka dengan titik desimal, misalnya 3.14.")
_LONELY = N_("Soal memasangkan perlu paling sedikit dua pasangan.")
_STEPS = N_("Soal mengurutkan perlu paling sedikit dua langkah.")
_VERDICTS = N_("Soal benar-salah ini tidak punya jawaban “true” dan “false”, atau keduanya benar.")
_NO_REASON = N_("Soal benar-salah di kursus kita juga menanyakan alasannya. Tulis alasannya di draf.")
_UNITS = N_("Satuan “%(units)s” tidak ikut dinilai. Sebutkan di pertanyaannya dalam satuan apa jawaban ditulis.")
_STEPS_GRADED = N_("Nilai sebagian soal mengurutkan dihitung menurut aturan kita.")
OUT: Mapping[str, str] = {
    "essay": _NO_PERSON, "essayautograde": _NO_PERSON, "recordrtc": _NO_PERSON, "poodllrecording": _NO_PERSON,
    "description": _TOLD, "random": _DRAWN, "randomsamatch": _DRAWN, "calculated": _COMPUTED,
    "calculatedsimple": _COMPUTED, "calculatedmulti": _COMPUTED, "ddimageortext": _DRAGGED, "ddmarker": _DRAGGED,
    "multichoiceset": _STRICT, "oumultiresponse": _STRICT,
}  # fmt: skip


def sketched(asked: Asked, kind: str) -> Sketch:
    """The question of this type; raises Unfit."""
    if kind in OUT:
        raise Unfit(OUT[kind])
    if (read := _READERS.get(kind)) is None:
        raise Unfit(_UNKNOWN, kind=kind[:40])
    return read(asked)


def _sketch(
    asked: Asked, kind: Kind, entries: tuple[Entry, ...] = (), gaps: tuple[Gap, ...] = (), html: str | None = None
) -> Sketch:
    stem, body = parted(asked.question.prose(asked.html if html is None else html), kind)
    return Sketch("", kind, stem, body, entries, gaps=gaps, explanation=asked.why)


def _worth(answer: Element) -> Fraction:
    written = answer.get("fraction", "0").strip() or "0"
    worth = percent(written)
    if worth is None:
        raise Unfit(_WEIGHT, weight=written[:40])
    return worth


def _multichoice(asked: Asked) -> Sketch:
    several = not asked.on("single", usual=True)
    entries = [Entry(asked.words(one), asked.said(one), worth=_worth(one)) for one in asked.each("answer")]
    if len(entries) < 2:
        raise Unfit(_FEW)
    if empty(entries):
        raise Unfit(_EMPTY)
    return _sketch(asked, "multiple_response" if several else "single_choice", weighed(entries, several=several))


def _truefalse(asked: Asked) -> Sketch:
    known = {text_in(one).casefold(): one for one in asked.each("answer")}
    true, false = known.get("true"), known.get("false")
    if true is None or false is None or (_worth(true) > 0) == (_worth(false) > 0):
        raise Unfit(_VERDICTS)
    asked.question.note(_NO_REASON)
    right = _worth(true) > 0
    entries = (Entry("Benar", asked.said(true), right), Entry("Salah", asked.said(false), not right))
    return _sketch(asked, "true_false", entries)


def _shortanswer(asked: Asked) -> Sketch:
    if asked.on("usecase"):
        asked.question.note(embedded.CASE)
    entries = [
        Entry(" ".join(text_in(one).split()), asked.said(one), worth=_worth(one)) for one in asked.each("answer")
    ]
    if not entries:
        raise Unfit(_NO_ANSWER)
    if empty(entries):
        raise Unfit(_EMPTY)
    return _sketch(asked, "short_text", weighed(entries))


def _numerical(asked: Asked) -> Sketch:
    entries = [_number(asked, one) for one in asked.each("answer")]
    if not entries:
        raise Unfit(_NO_ANSWER)
    units = [one.findtext("unit_name") or "" for one in asked.element.iter("unit")]
    if any(units):
        asked.question.note(_UNITS, units=", ".join(one.strip() for one in units)[:100])
    return _sketch(asked, "number", weighed(entries))


def _number(asked: Asked, answer: Element) -> Entry:
    text = text_in(answer)
    said, worth = asked.said(answer), _worth(answer)
    if text == "*":
        return Entry("*", said, worth=worth)
    near = (answer.findtext("tolerance") or answer.get("tolerance") or "0").strip() or "0"
    value, tolerance = number(text), number(near)
    if value is None or tolerance is None or tolerance < 0:
        raise Unfit(_NUMBER, number=(text if value is None else near)[:60])
    return Entry(number_words(value), said, worth=worth, tolerance=tolerance or None)


def _matching(asked: Asked, way: str = "plain") -> Sketch:
    entries = []
    for one in asked.each("subquestion"):
        answer = one.find("answer")
        right = asked.words(answer, way) if answer is not None else ""
        left = asked.words(one)
        if right:
            entries.append(Entry(left, right=right))
        elif left:
            raise Unfit(_EMPTY)
    if sum(bool(one.words) for one in entries) < 2:
        raise Unfit(_LONELY)
    return _sketch(asked, "matching", tuple(entries))


def _ddmatch(asked: Asked) -> Sketch:
    return _matching(asked, "html")


def _ordering(asked: Asked) -> Sketch:
    answers = list(asked.each("answer"))
    places = [number(one.get("fraction", "")) or Fraction(0) for one in answers]
    if len(set(places)) == len(places):
        answers = [one for _, one in sorted(zip(places, answers, strict=True), key=lambda pair: pair[0])]
    entries = tuple(Entry(asked.words(one)) for one in answers)
    if len(entries) < 2 or empty(entries):
        raise Unfit(_STEPS)
    asked.question.note(_STEPS_GRADED)
    return _sketch(asked, "ordering", entries)


def _cloze(asked: Asked) -> Sketch:
    html, gaps = embedded.gaps(asked.question, asked.html)
    return _sketch(asked, "cloze", gaps=gaps, html=html)


def _gapselect(asked: Asked) -> Sketch:
    return _chosen(asked, "selectoption", "plain")


def _ddwtos(asked: Asked) -> Sketch:
    return _chosen(asked, "dragbox", "html")


def _chosen(asked: Asked, name: str, way: str) -> Sketch:
    """A text whose gaps share their answers by groups."""
    choices = [(Entry(asked.words(one, way)), (one.findtext("group") or "1").strip()) for one in asked.each(name)]
    html, gaps = embedded.numbered(asked.question, asked.html, choices)
    if any(empty(gap.entries) for gap in gaps):
        raise Unfit(_EMPTY)
    return _sketch(asked, "cloze", gaps=gaps, html=html)


_READERS: Mapping[str, Callable[[Asked], Sketch]] = {
    "multichoice": _multichoice, "truefalse": _truefalse, "shortanswer": _shortanswer, "numerical": _numerical,
    "matching": _matching, "match": _matching, "ddmatch": _ddmatch, "ordering": _ordering, "order": _ordering,
    "cloze": _cloze, "multianswer": _cloze, "gapselect": _gapselect, "ddwtos": _ddwtos,
}  # fmt: skip


def settled(asked: Asked, sketch: Sketch) -> Sketch:
    """The question with what its settings say."""
    about = sketch.about
    if not asked.on("shuffleanswers", usual=True):
        about = replace(about, shuffle=False)
    return replace(sketch, about=replace(about, status="pensiun") if asked.on("hidden") else about)
