"""Questions by chance, of every kind and with every sign that means something somewhere."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import reject
from hypothesis import strategies as st

from app.course.item import BLOOMS, KINDS, STATUSES, Item, Kind
from app.course.pictures import encoded, read_media
from app.exchange.fitting import fitted
from app.exchange.sketch import About, Entry, Gap, Sketch, Unfit
from tests.builders_items import a_picture

MEDIA = {f"media/{name}.png": a_picture(width=4 + n) for n, name in enumerate(("gembok", "kunci", "pintu"))}
_HOME = read_media({name: encoded(content) for name, content in MEDIA.items()}, [])
_PIECES = ["kata", "sandi", "*miring*", "**tebal** sekali", "`kode`", "~~lama~~", "5 < 6 & 7", "\\[x\\]", "=\\>",
           "“kutip”", "é", "测试", "1\\. satu", "\\# pagar", "{a}", "\\*", "a_b", "100%", "]]>", "%(x)s"]  # fmt: skip
_words = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=4).map(" ".join)
_maybe = st.one_of(st.just(""), _words)
_worths = st.sampled_from([None, None, None, Fraction(1, 2), Fraction(1, 3), Fraction(-1, 3), Fraction(0), Fraction(1)])
_BODIES = ["", "Baca dahulu.", "Satu.\n\nDua **tebal**\\\nbaris.", "- a\n- b\n  - c", "1. a\n2. b", "### Judul\n\nIsi.",
           "::: ingat\nPerhatikan.\n:::", '::: pesan dari="Bank & Co" jam="10.00"\nHalo `x`.\n\nDua.\n:::',
           "| a | b |\n| --- | --- |\n| 1 | 2 |", "Lihat [panduan](https://contoh.id/a?b=1&c=2).",
           "![peta kota](media/pintu.png)"]  # fmt: skip
_ACCEPTED = ["surel", "kode OTP", "http*", "a\\*b", "é", "x < y & z", "10 %"]
_NUMBERS = ["3,14", "1500", "-2", "0,5", "1e3"]


def _entries(words: st.SearchStrategy[str], keys: st.SearchStrategy[int], least: int) -> st.SearchStrategy[list[Entry]]:
    return st.builds(
        lambda texts, key, said, worths: [
            Entry(text, said[n % len(said)], n in (key % len(texts), key // 7 % len(texts)), worths[n % len(worths)])
            for n, text in enumerate(texts)
        ],
        st.lists(words, min_size=least, max_size=5, unique=True), keys,
        st.lists(_maybe, min_size=1, max_size=3), st.lists(_worths, min_size=1, max_size=3),
    )  # fmt: skip


def _single(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(Entry(one.words, one.said, n == 0, one.worth if n else None) for n, one in enumerate(entries))


def _several(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(Entry(one.words, one.said, one.correct) for one in entries)


def _bare(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(Entry(one.words, one.said) for one in entries)


def _pairs(entries: list[Entry], rights: list[str]) -> tuple[Entry, ...]:
    pairs = [Entry(one.words, one.said, right=rights[n % len(rights)]) for n, one in enumerate(entries)]
    return (*pairs, Entry("", right="tidak ada pasangan"))


def _numbers(values: list[str], tolerance: Fraction | None, said: str, rest: str) -> tuple[Entry, ...]:
    known = [Entry(one, said, n == 0, None if n == 0 else Fraction(1, 2), tolerance) for n, one in enumerate(values)]
    return (*known, Entry("*", rest)) if rest else tuple(known)


def _gaps(lists: list[list[Entry]], accepted: tuple[Entry, ...], weight: Fraction) -> tuple[Gap, ...]:
    return (
        *(Gap(n, "choice", _single(one), weight if n == 1 else Fraction(1)) for n, one in enumerate(lists, start=1)),
        Gap(len(lists) + 1, "short_text", accepted),
        Gap(len(lists) + 2, "number", (Entry("12", correct=True, tolerance=Fraction(1, 2)),)),
    )


_about = st.builds(
    About, st.sampled_from(["", *BLOOMS]), st.integers(0, 9), st.sampled_from(["", "pesan", "kata-sandi"]),
    st.sampled_from([(), ("4.2",), ("1.1", "4.3")]), st.booleans(), st.sampled_from(STATUSES),
    st.sampled_from([None, 0.7, 0.125]),
)  # fmt: skip
_choices = _entries(_words, st.integers(0, 40), 2)
_taps = st.permutations(["segera", "bit.ly/x", "Salam <kami>"]).map(
    lambda texts: tuple(Entry(text.replace("<", "\\<"), "ya" * (n == 1), n == 0) for n, text in enumerate(texts))
)
_pictures = st.builds(
    lambda said, two: tuple(
        Entry(f"![gambar {name[6:-4]} & \"ini\"]({name})", said, n == 0 or (two and n == 1))
        for n, name in enumerate(MEDIA)
    ), _maybe, st.booleans(),
)  # fmt: skip
_accepted = st.builds(
    lambda texts, said, rest: tuple(
        [Entry(one, said, n == 0, None if n == 0 else Fraction(4, 5)) for n, one in enumerate(texts)]
        + ([Entry("*", rest)] if rest else [])
    ), st.lists(st.sampled_from(_ACCEPTED), min_size=1, max_size=4, unique=True), _maybe, _maybe,
)  # fmt: skip
_entries_of: dict[Kind, st.SearchStrategy[tuple[Entry, ...]]] = {
    "single_choice": _choices.map(_single),
    "multiple_response": _choices.map(_several),
    "ordering": _entries(_words, st.just(0), 3).map(_bare),
    "matching": st.builds(_pairs, _choices, st.lists(_words, min_size=2, max_size=3, unique=True)),
    "hotspot_text": _taps,
    "short_text": _accepted,
    "number": st.builds(_numbers, st.lists(st.sampled_from(_NUMBERS), min_size=1, max_size=3, unique=True),
                        st.sampled_from([None, Fraction(1, 100), Fraction(2)]), _maybe, _maybe),
    "picture_choice": _pictures,
    "cloze": st.just(()),
    "true_false": st.builds(lambda said: (Entry("Benar", said, True), Entry("Salah", "", False)), _maybe),
}  # fmt: skip


@st.composite
def items(draw: st.DrawFn, kinds: tuple[Kind, ...] = KINDS) -> Item:
    """A question of ours."""
    kind = draw(st.sampled_from(kinds))
    body = draw(st.sampled_from(_BODIES))
    gaps: tuple[Gap, ...] = ()
    reasons: tuple[Entry, ...] = ()
    if kind == "hotspot_text":
        body = '::: pesan dari="BANK"\nKlik **segera** di bit.ly/x, ya.\n\nSalam \\<kami>.\n:::'
    elif kind == "cloze":
        gaps = draw(st.builds(_gaps, st.lists(_choices, min_size=1, max_size=2), _accepted, st.sampled_from(_WEIGHTS)))
        body = f"{body}\n\nIsi " + " dan ".join(f"*{{{gap.number}}}*" for gap in gaps) + "."
    elif kind == "true_false":
        reasons = draw(_choices.map(_single))
    sketch = Sketch(
        id=draw(st.sampled_from(["satu", "k03-m3-01", "1", "item-x"])), kind=kind, stem=draw(_words), body=body.strip(),
        entries=draw(_entries_of[kind]), reasons=reasons, gaps=gaps, explanation=draw(_maybe), about=draw(_about),
    )  # fmt: skip
    try:
        return fitted(sketch, _HOME)
    except Unfit:
        reject()


_WEIGHTS = [Fraction(1), Fraction(2), Fraction(3, 2)]
