"""What the curly brackets behind a question say: its id, kind, level, objective, status."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from app.course.cards import KINDS_BY_WORD
from app.course.item import BLOOMS, STATUSES, Kind, Status
from app.course.item_reader import Home, Reader
from app.course.texts import is_slug
from app.errors import N_, Fact

DIGCOMP = re.compile(r"[1-5]\.[1-6]\Z")
_KNOWN = ("jenis", "bloom", "tujuan", "modul", "digcomp", "acak", "status", "sulit")
_WORD = re.compile(r'([a-z]+)=("[^"]*"|\S*)|#(\S*)|(\S+)')
_SHARE = re.compile(r"(?:0(?:[.,][0-9]{1,3})?|1(?:[.,]0{1,3})?)\Z")


class _Note(Protocol):
    def __call__(self, message: str, **facts: Fact) -> None: ...


def read_attributes(reader: Reader) -> dict[str, str]:
    """What the curly brackets say, without what is wrong in them."""
    found: dict[str, str] = {}
    card = reader.card

    def problem(message: str, **facts: Fact) -> None:
        reader.problem(card.line, message, **facts)

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
    _check_module(found, reader.home, problem)
    _check_words(found, problem)
    return found


def kind_of(found: Mapping[str, str]) -> Kind | None:
    """The kind the trainer named; None leaves it to the options."""
    return KINDS_BY_WORD.get(found.get("jenis", ""))


def status_of(found: Mapping[str, str]) -> Status:
    """Where the question stands on its way; one that says nothing is published."""
    return next((status for status in STATUSES if status == found.get("status")), "terbit")


def difficulty_of(found: Mapping[str, str]) -> float | None:
    """The share of right answers its author expects."""
    return float(found["sulit"].replace(",", ".")) if "sulit" in found else None


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


def _check_words(found: dict[str, str], problem_of: _Note) -> None:
    """What has a fixed choice of words, or a number."""
    if "acak" in found and found["acak"] not in {"ya", "tidak"}:
        problem_of(N_("Isi “acak” hanya “ya” atau “tidak”."))
    if "digcomp" in found and not all(DIGCOMP.match(code) for code in found["digcomp"].split(",")):
        problem_of(N_("Kode DigComp pada soal harus seperti 4.2; beberapa kode dipisah koma tanpa spasi."))
    if "jenis" in found and found["jenis"] not in KINDS_BY_WORD:
        message = N_("Jenis soal “%(kind)s” tidak dikenal. Pakai salah satu dari: %(kinds)s.")
        problem_of(message, kind=found.pop("jenis")[:40], kinds=", ".join(KINDS_BY_WORD))
    if "status" in found and found["status"] not in STATUSES:
        del found["status"]
        problem_of(N_("Isi “status” hanya salah satu dari: %(choices)s."), choices=", ".join(STATUSES))
    if "sulit" in found and not _SHARE.match(found["sulit"]):
        del found["sulit"]
        problem_of(N_("Isi “sulit” adalah bagian peserta yang menjawab benar, dari 0 sampai 1, misalnya sulit=0.7."))
