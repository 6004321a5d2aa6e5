"""Shape of what trainers type."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, StringField, ValidationError

from app.authoring.rules import place_of, settled
from app.course.texts import is_slug, unwanted
from app.errors import N_
from app.forms import Form, plain, required

_TAKEN = ("tinjauan",)  # pages of the service stand at these addresses below /menulis
Groups = list[tuple[str, list[tuple[str, str]]]]
FILE_KINDS = (
    ("lesson", N_("Materi")),
    ("practice", N_("Praktik")),
    ("quiz", N_("Kuis")),
    ("module", N_("Modul baru")),
)


def _one_line(_form: Any, field: Field) -> None:
    """One line without signs nobody sees, for it becomes part of a text."""
    if unwanted(field.data or "") or len((field.data or "").splitlines()) > 1:
        raise ValidationError(gettext(N_("Isian ini harus satu baris tanpa tanda tersembunyi. Ketik ulang isiannya.")))


class CourseForm(Form):
    """A course that does not exist yet."""

    title: Any = StringField(
        lazy_gettext(N_("Judul kursus")), [required(N_("Tulis judul kursus.")), plain(120), _one_line], name="judul"
    )
    slug: Any = StringField(
        lazy_gettext(N_("Alamat kursus")), [required(N_("Tulis alamat kursus.")), plain(64)], name="alamat"
    )

    def validate_slug(self, field: Field) -> None:
        if field.data in _TAKEN:
            raise ValidationError(gettext(N_("Alamat ini dipakai layanan sendiri. Pilih alamat lain.")))
        if not is_slug(field.data or ""):
            raise ValidationError(
                gettext(N_("Alamat hanya boleh memuat huruf kecil, angka, dan tanda hubung, misalnya “pinjaman-aman”."))
            )


class FileForm(Form):
    """A text that shall be added to the draft."""

    kind: Any = StringField(lazy_gettext(N_("Jenis berkas")), [required(N_("Pilih jenis berkas."))], name="jenis")
    folder: Any = StringField(lazy_gettext(N_("Modul")), [plain(80)], name="modul")
    title: Any = StringField(lazy_gettext(N_("Judul")), [plain(120), _one_line], name="judul")

    def validate_kind(self, field: Field) -> None:
        if field.data not in dict(FILE_KINDS):
            raise ValidationError(gettext(N_("Pilih jenis berkas dari daftar.")))

    def validate_folder(self, field: Field) -> None:
        if self.kind.data != "module" and place_of(f"{field.data}/modul.toml") is None:
            raise ValidationError(gettext(N_("Pilih modul dari daftar.")))

    def validate_title(self, field: Field) -> None:
        if self.kind.data in ("lesson", "module") and not field.data:
            raise ValidationError(gettext(N_("Tulis judulnya.")))


class ArrivalForm(Form):
    """A file of questions from another system, and the text of the draft it shall go into."""

    file: Any = FileField(lazy_gettext(N_("Berkas soal")), name="berkas")
    target: Any = StringField(lazy_gettext(N_("Ke berkas")), [required(N_("Pilih berkas tujuan."))], name="sasaran")
    targets: Sequence[str] = ()

    def validate_file(self, field: Field) -> None:
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError(gettext(N_("Pilih berkas soal dari perangkat Anda.")))

    def validate_target(self, field: Field) -> None:
        if field.data and field.data not in self.targets:
            raise ValidationError(gettext(N_("Pilih berkas tujuan dari daftar.")))


class PublishForm(Form):
    """What changed, in a short note that every reader of the log understands."""

    note: Any = StringField(
        lazy_gettext(N_("Apa yang berubah?")),
        [required(N_("Tulis dalam satu kalimat apa yang berubah.")), plain(200), _one_line],
        name="perubahan",
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """A text as a trainer sent it, and the revision it was read at (-1 when that is unreadable: nobody's)."""

    text: str
    revision: int


def typed(sent: Mapping[str, str]) -> Typed | None:
    """The text in this form, letter for letter but for its line ends; None when there is none."""
    text = sent.get("teks")
    return None if text is None else Typed(settled(text), number_in(sent, "revisi"))


def number_in(sent: Mapping[str, str], name: str) -> int:
    """A whole number in a hidden field; -1 when it is none."""
    text = sent.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else -1
