"""Questions as trainers write them: a heading, options with `[x]`, feedback below each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.course.cards import TASK, RawCard
from app.course.item import BLOOMS, Item, Option
from app.course.markdown import Rendered, render, render_line
from app.course.shapes import Problem, Reference
from app.course.texts import is_slug, normal
from app.errors import N_, Fact

DIGCOMP = re.compile(r"[1-5]\.[1-6]\Z")
_KNOWN = ("bloom", "tujuan", "modul", "digcomp", "acak")
_FEEDBACK = re.compile(r"[ \t]*>[ \t]?(.*)\Z")
_WORD = re.compile(r'([a-z]+)=("[^"]*"|\S*)|#(\S*)|(\S+)')
_TELLING = re.compile(r'aria-label="Contoh pesan (?:penipuan, bukan pesan sungguhan|yang wajar)"')


@dataclass(frozen=True, slots=True)
class Home:
    """Where questions stand: the modules they may belong to, and the references they may use."""

    objectives: Mapping[str, tuple[str, ...]]
    digcomp: Mapping[str, tuple[str, ...]]
    references: Mapping[str, Reference]
    module: str | None = None  # None in the bank of the tests, where each question names its module


class _Note(Protocol):
    def __call__(self, message: str, **facts: Fact) -> None: ...


@dataclass(slots=True)
class _Draft:
    line: int
    correct: bool
    text: list[str]
    feedback: list[str] = field(default_factory=list)
    feedback_line: int = 0


def option_id(text: str) -> str:
    """An id from the words alone: reordering keeps it, and it says nothing about being right."""
    return hashlib.blake2s(normal(text).encode(), digest_size=4).hexdigest()


def _neutral(html: str) -> str:
    """The message of a question without the label that would tell a screen reader, and only it, the answer."""
    return _TELLING.sub('aria-label="Contoh pesan rekaan"', html)


def read_item(card: RawCard, home: Home, problems: list[Problem]) -> tuple[Item, list[Rendered]]:
    """The question on this card, as far as it can be read, and its texts for those who count words."""

    def problem(line: int, message: str, **facts: Fact) -> None:
        problems.append(Problem(card.file, line, message, facts))

    stem, heading = render_line(card.heading, home.references, card.line, card.file)
    if not stem:
        problem(card.line, N_("Soal belum punya pertanyaan. Tulis setelah “##”."))
    body, option_lines = card.split_options()
    below = render(body, home.references, card.body_line - 1, card.file)
    attributes = _attributes(card, home, problems)
    options, texts = _options(card, option_lines, home, problems)
    if not options:
        problem(card.line, N_("Soal belum punya pilihan. Tulis “- [ ] …” dan “- [x] …” di bawahnya."))
    elif len(options) < 2:
        problem(card.line, N_("Soal harus punya paling sedikit dua pilihan."))
    elif not any(option.correct for option in options):
        problem(card.line, N_("Soal belum punya kunci. Tandai jawaban benar dengan [x]."))
    elif all(option.correct for option in options):
        problem(card.line, N_("Semua pilihan ditandai benar. Sisakan paling sedikit satu pengecoh."))
    problems += [*heading.problems, *below.problems]
    module = attributes.get("modul", home.module or "")
    item = Item(
        id=attributes.get("#", ""),
        stem=stem,
        html=_neutral(below.html),
        stem_html=heading.html,
        options=tuple(options),
        bloom=attributes.get("bloom", ""),
        objective=int(attributes.get("tujuan", "0")),
        module=module,
        digcomp=tuple(attributes["digcomp"].split(",")) if "digcomp" in attributes else home.digcomp.get(module, ()),
        shuffle=attributes.get("acak") != "tidak",
        line=card.line,
        file=card.file,
        kind="multiple_response" if sum(option.correct for option in options) > 1 else "single_choice",
    )
    return item, [heading, below, *texts]


def _attributes(card: RawCard, home: Home, problems: list[Problem]) -> dict[str, str]:
    """What the curly brackets say, without what is wrong in them."""
    found: dict[str, str] = {}

    def problem(message: str, **facts: Fact) -> None:
        problems.append(Problem(card.file, card.line, message, facts))

    if card.attributes is None:
        message = N_("Soal belum punya tanda pengenal. Tulis {#tanda-pengenal bloom=… tujuan=…} di akhir judul.")
        problem(message)
        return found
    for key, value, name, stray in _WORD.findall(card.attributes):
        if stray:
            problem(N_("“%(word)s” di dalam kurung kurawal tidak terbaca. Hapus atau perbaiki."), word=stray[:60])
        elif key and key not in _KNOWN:
            problem(N_("Keterangan “%(key)s” tidak dikenal pada soal. Periksa ejaannya atau hapus."), key=key[:60])
        elif (key or "#") in found:
            problem(N_("Keterangan “%(key)s” ditulis dua kali pada soal ini. Hapus salah satunya."), key=key or "#")
        else:
            found[key or "#"] = value.strip('"') if key else name
    if not found.get("#"):
        problem(N_("Soal belum punya tanda pengenal. Tulis {#tanda-pengenal …} di akhir judul."))
    elif not is_slug(found["#"]):
        message = N_("Tanda pengenal “%(id)s” hanya boleh memuat huruf kecil, angka, dan tanda hubung.")
        problem(message, id=found.pop("#")[:80])
    _check_level(found, problem)
    _check_module(found, home, problem)
    if "acak" in found and found["acak"] not in {"ya", "tidak"}:
        problem(N_("Isi “acak” hanya “ya” atau “tidak”."))
    if "digcomp" in found and not all(DIGCOMP.match(code) for code in found["digcomp"].split(",")):
        problem(N_("Kode DigComp pada soal harus seperti 4.2; beberapa kode dipisah koma tanpa spasi."))
    return found


def _check_level(found: dict[str, str], problem_of: _Note) -> None:
    if found.get("bloom") not in BLOOMS:
        found.pop("bloom", None)
        problem_of(N_("Soal harus menyebut bloom= salah satu dari: %(choices)s."), choices=", ".join(BLOOMS))


def _check_module(found: dict[str, str], home: Home, problem_of: _Note) -> None:
    """The module and its objective must exist."""
    module = home.module
    if home.module is not None and "modul" in found:
        problem_of(N_("Keterangan “modul” hanya untuk bank.md. Hapus dari soal ini."))
        del found["modul"]
    elif home.module is None:
        module = found.get("modul")
        if not module:
            problem_of(N_("Soal di bank.md harus menyebut modul=tanda-pengenal-modul."))
        elif module not in home.objectives:
            problem_of(N_("Modul “%(module)s” tidak ada. Periksa ejaannya."), module=module[:80])
            module = None
    objective = found.get("tujuan", "")
    if not re.fullmatch(r"[1-9][0-9]?", objective):
        found.pop("tujuan", None)
        problem_of(N_("Soal harus menyebut tujuan= dengan nomor tujuan modul, misalnya tujuan=1."))
    elif module and home.objectives.get(module) and int(objective) > len(home.objectives[module]):
        message = N_("Tujuan nomor %(number)s tidak ada. Modul ini punya %(count)s tujuan.")
        problem_of(message, number=int(objective), count=len(home.objectives[module]))


def _drafts(card: RawCard, lines: list[tuple[int, str]], problems: list[Problem]) -> list[_Draft]:
    drafts: list[_Draft] = []
    for number, line in lines:
        if not line.strip():
            continue
        if task := TASK.match(line):
            drafts.append(_Draft(number, task[1] in "xX", [task[2].strip()]))
        elif drafts and (quote := _FEEDBACK.match(line)):
            drafts[-1].feedback_line = drafts[-1].feedback_line or number
            drafts[-1].feedback.append(quote[1].strip())
        elif drafts and line[0] in " \t" and line.lstrip()[0] not in "-*+#:" and not drafts[-1].feedback:
            drafts[-1].text.append(line.strip())
        elif drafts and line[0] in " \t" and line.lstrip()[0] not in "-*+#:":
            drafts[-1].feedback.append(line.strip())
        else:
            message = N_("Baris ini bukan pilihan (“- [ ] …”) dan bukan umpan balik (“  > …”). Perbaiki atau hapus.")
            problems.append(Problem(card.file, number, message))
    return drafts


def _split_id(source: str) -> tuple[str, str | None]:
    """The words of an option, and the id a trainer gave it."""
    before, mark, inside = source.rpartition("{#")
    return (before.rstrip(), inside[:-1]) if mark and inside.endswith("}") else (source, None)


def _options(
    card: RawCard, lines: list[tuple[int, str]], home: Home, problems: list[Problem]
) -> tuple[list[Option], list[Rendered]]:
    options: list[Option] = []
    texts: list[Rendered] = []
    seen: set[str] = set()
    for draft in _drafts(card, lines, problems):
        source = " ".join(draft.text)
        source, given = _split_id(source)
        text, shown = render_line(source, home.references, draft.line, card.file)
        answer, feedback = render_line(
            " ".join(draft.feedback), home.references, draft.feedback_line or draft.line, card.file, linked=True
        )
        problems += [*shown.problems, *feedback.problems]
        name = option_id(source) if given is None else given
        if not is_slug(name):
            message = N_("Tanda pengenal pilihan hanya boleh memuat huruf kecil, angka, dan tanda hubung.")
            problems.append(Problem(card.file, draft.line, message))
        elif name in seen:
            message = N_("Pilihan ini sama dengan pilihan lain dalam soal ini. Bedakan teks atau tanda pengenalnya.")
            problems.append(Problem(card.file, draft.line, message))
        seen.add(name)
        if not text:
            problems.append(Problem(card.file, draft.line, N_("Pilihan ini kosong. Isilah atau hapus.")))
        if not answer:
            message = N_("Pilihan ini belum punya umpan balik. Tulis “  > …” di bawahnya.")
            problems.append(Problem(card.file, draft.line, message))
        options.append(Option(name, text, shown.html, answer, feedback.html, draft.correct, draft.line))
        texts.append(shown)
    return options, texts
