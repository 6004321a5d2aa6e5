"""Shape of what the desk types for certificates of many at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, StringField, TextAreaField, ValidationError

from app.accounts import regions
from app.certificate.batches import LONGEST_TITLE
from app.certificate.choosing import LONGEST_LIST, Wish
from app.certificate.lifecycle import LONGEST_REASON
from app.certificate.register import KINDS
from app.certificate.rules import PASSED
from app.errors import N_
from app.forms import Form, plain, required


class ChooseForm(Form):
    """For which course, and for whom."""

    course = StringField(lazy_gettext(N_("Kursus")), [required(N_("Pilih kursusnya."))], name="kursus")
    kind = StringField(lazy_gettext(N_("Yang diterbitkan")), name="jenis", default=PASSED)
    region = StringField(lazy_gettext(N_("Kelurahan domisili")), name="kelurahan")
    since = StringField(lazy_gettext(N_("Selesai sejak")), name="dari")
    until = StringField(lazy_gettext(N_("Selesai sampai")), name="sampai")
    names = TextAreaField(lazy_gettext(N_("Daftar nama masuk")), [plain(LONGEST_LIST)], name="daftar")
    title = StringField(lazy_gettext(N_("Nama kelompok")), [plain(LONGEST_TITLE)], name="judul")

    def __init__(self, titles: dict[str, str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.titles = titles

    def validate_course(self, field: Field) -> None:
        if field.data not in self.titles:
            raise ValidationError(gettext(N_("Pilih kursus dari daftar.")))

    def validate_kind(self, field: Field) -> None:
        if field.data not in KINDS:
            raise ValidationError(gettext(N_("Pilih sertifikat atau surat keterangan.")))

    def validate_region(self, field: Field) -> None:
        if field.data and not regions.known(field.data):
            raise ValidationError(gettext(N_("Pilih kelurahan dari daftar.")))

    def validate_since(self, field: Field) -> None:
        _day(field)

    def validate_until(self, field: Field) -> None:
        last, first = _day(field), _day_or_none(self.since.data)
        if first and last and last < first:
            raise ValidationError(gettext(N_("Tanggal ini lebih awal daripada tanggal “sejak”.")))

    def wish(self) -> Wish:
        """What was asked for, once the form is valid."""
        return Wish(
            course=self.course.data or "",
            kind=self.kind.data or PASSED,
            region=self.region.data or "",
            since=_day_or_none(self.since.data),
            until=_day_or_none(self.until.data),
            names=self.names.data or "",
        )


def _day_or_none(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _day(field: Field) -> date | None:
    """The day that was typed; none when nothing was."""
    day = _day_or_none(field.data)
    if field.data and day is None:
        raise ValidationError(gettext(N_("Tulis tanggalnya seperti ini: 2026-11-23.")))
    return day


class BundleForm(Form):
    """What papers with names are wanted for."""

    because = TextAreaField(
        lazy_gettext(N_("Untuk apa PDF ini?")),
        [required(N_("Tulis untuk apa PDF-nya diunduh.")), plain(LONGEST_REASON)],
        name="alasan",
    )

    @property
    def reason(self) -> str:
        """What was typed."""
        return self.because.data or ""
