"""The parts of a question: a verdict with its reason, left and right sides, the gaps of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from app.course.item import FALSE, REASON, TRUE, VERDICT, Option, Part, PartKind
from app.course.item_lines import Below, Entry, Group
from app.course.item_options import check_accepted, check_choice, read_options, split_id
from app.course.item_reader import Reader, option_id
from app.course.texts import is_slug
from app.errors import N_

ARROW = "=>"
FEWEST_PAIRS = 2
_VERDICTS = {"benar": TRUE, "salah": FALSE}
_GAP = re.compile(r"([1-9][0-9]?)(?:[ \t]+(isian|angka))?(?:[ \t]+bobot=([0-9]{1,3}(?:[.,][0-9]{1,2})?))?\Z")
_KINDS: dict[str, PartKind] = {"": "choice", "isian": "short_text", "angka": "number"}


def read_verdict(reader: Reader, below: Below, *, told: bool) -> tuple[Part, ...]:
    """Whether a statement is true, and why."""
    line, entries = reader.card.line, below.entries
    options = read_options(reader, entries, "words", several=False, told=told)
    names = [_VERDICTS.get(option.text.strip(" .").casefold(), "") for option in options]
    if sorted(names) != sorted(_VERDICTS.values()):
        message = N_("Soal jenis=benar-salah punya tepat dua pilihan: “Benar” dan “Salah”. Perbaiki pilihannya.")
        reader.problem(line, message)
    elif sum(option.correct for option in options) != 1:
        reader.problem(line, N_("Tandai satu saja dengan [x]: “Benar” atau “Salah”."))
    verdict = tuple(replace(option, id=name or option.id) for option, name in zip(options, names, strict=True))
    statement = Part(VERDICT, "", "", "choice", verdict, line)
    if len(below.groups) == 1:
        message = N_("Soal jenis=benar-salah belum punya alasan. Tulis “### Alasan”, lalu pilihan alasannya.")
        reader.problem(line, message)
        return (statement,)
    group = below.groups[1]
    reasons = read_options(reader, group.entries, "words", several=False, told=told, taken={TRUE, FALSE})
    check_choice(reader, group.line, reasons, several=False)
    return statement, Part(REASON, "", "", "choice", tuple(reasons), group.line)


def read_pairs(reader: Reader, entries: Sequence[Entry]) -> tuple[Part, ...]:
    """Each left side with all right sides to choose among."""
    pool: dict[str, Option] = {}
    lefts: list[tuple[Entry, str, str, str, Option]] = []
    spare: list[tuple[Entry, Option]] = []
    for entry in entries:
        left, arrow, right = entry.source.partition(ARROW)
        if not arrow or ARROW in right or not right.strip():
            reader.problem(entry.line, N_("Pasangan ini tidak lengkap. Tulis “- Kiri => Kanan” dengan satu “=>”."))
            continue
        side = _right_side(reader, replace(entry, text=[right.strip()], ticked=True))
        pool.setdefault(side.id, side)
        if not left.strip():
            spare.append((entry, side))
            continue
        source, given = split_id(left.strip())
        text, html = reader.words(source, entry.line)
        lefts.append((entry, given if given is not None else option_id(source), text, html, side))
    _check_pairs(reader, lefts, spare, pool)
    return tuple(
        Part(name, text, html, "choice", tuple(_for_part(option, side) for option in pool.values()), entry.line)
        for entry, name, text, html, side in lefts
    )


def _right_side(reader: Reader, entry: Entry) -> Option:
    """The option on the right; an empty list of its own, for the same one may stand behind two left sides."""
    return read_options(reader, [entry], "words", several=False, told=False)[0]


def _for_part(option: Option, right: Option) -> Option:
    """A right side as an option for one left side: what is said belongs to the pair."""
    if option.id == right.id:
        return right
    return replace(option, correct=False, feedback="", feedback_html="")


def _check_pairs(
    reader: Reader,
    lefts: Sequence[tuple[Entry, str, str, str, Option]],
    spare: Sequence[tuple[Entry, Option]],
    pool: dict[str, Option],
) -> None:
    if len(lefts) < FEWEST_PAIRS:
        message = N_("Soal jenis=pasangan harus punya paling sedikit dua pasangan. Tulis “- Kiri => Kanan”.")
        reader.problem(reader.card.line, message)
    elif len(pool) < FEWEST_PAIRS:
        message = N_("Semua sisi kanan sama, sehingga tidak ada yang dipilih. Tambahkan sisi kanan yang lain.")
        reader.problem(reader.card.line, message)
    seen: set[str] = set()
    for entry, name, _, _, side in lefts:
        if not is_slug(name):
            message = N_("Tanda pengenal pilihan hanya boleh memuat huruf kecil, angka, dan tanda hubung.")
            reader.problem(entry.line, message)
        elif name in seen:
            reader.problem(
                entry.line, N_("Sisi kiri ini sama dengan sisi kiri lain. Bedakan teks atau tanda pengenalnya.")
            )
        elif name == side.id:
            message = N_("Tanda pengenal kedua sisi sama, sehingga menunjukkan jawabannya. Bedakan keduanya.")
            reader.problem(entry.line, message)
        seen.add(name)
    used = {side.id for *_, side in lefts}
    for entry, side in spare:
        if side.id in used:
            reader.problem(
                entry.line, N_("Sisi kanan ini sudah menjadi pasangan. Pengecoh harus lain dari semua kunci.")
            )
        used.add(side.id)


def read_gaps(reader: Reader, below: Below, gaps: Sequence[str], *, told: bool) -> tuple[Part, ...]:
    """The answers for each gap, in the order of the gaps in the text; `gaps` are the numbers found there."""
    for entry in below.entries:
        message = N_("Pilihan ini tidak berada di bawah rumpang mana pun. Tulis baris seperti “{1}” di atasnya.")
        reader.problem(entry.line, message)
    parts: dict[str, Part] = {}
    for group in below.groups[1:]:
        found = _GAP.match(group.name)
        if found is None:
            message = N_("Baris “{%(gap)s}” tidak terbaca. Tulis {1}, {1 isian}, {1 angka}, atau {1 bobot=2}.")
            reader.problem(group.line, message, gap=group.name)
        elif found[1] in parts:
            message = N_("Jawaban untuk rumpang {%(gap)s} ditulis dua kali. Gabungkan keduanya.")
            reader.problem(group.line, message, gap=found[1])
        else:
            if found[1] not in gaps:
                message = N_("Rumpang {%(gap)s} tidak ada di dalam teks. Tulis {%(gap)s} di tempat kata yang hilang.")
                reader.problem(group.line, message, gap=found[1])
            parts[found[1]] = _gap(reader, group, found, told)
    for gap in gaps:
        if gap not in parts:
            message = N_("Rumpang {%(gap)s} belum punya jawaban. Tulis baris {%(gap)s}, lalu pilihannya di bawahnya.")
            reader.problem(reader.card.line, message, gap=gap)
    if not gaps:
        message = N_("Teks soal jenis=rumpang belum punya rumpang. Tulis {1} di tempat kata yang hilang.")
        reader.problem(reader.card.line, message)
    return tuple(parts[gap] for gap in dict.fromkeys([*gaps, *parts]) if gap in parts)


def _gap(reader: Reader, group: Group, found: re.Match[str], told: bool) -> Part:
    kind = _KINDS[found[2] or ""]
    weight = Fraction((found[3] or "1").replace(",", "."))
    if not weight:
        reader.problem(group.line, N_("Bobot rumpang harus lebih dari nol."))
    if kind == "choice":
        options = read_options(reader, group.entries, "words", several=False, told=told)
        check_choice(reader, group.line, options, several=False)
    else:
        options = read_options(reader, group.entries, kind, several=False, told=False)
        check_accepted(reader, group.line, options)
    return Part(found[1], found[1], f"({found[1]})", kind, tuple(options), group.line, weight or Fraction(1))
