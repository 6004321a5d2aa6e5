"""Shape of what the desk types."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError

from app.certificate.lifecycle import LONGEST_REASON
from app.errors import N_
from app.forms import Form, plain, required
from app.quiz.rules import MOST_EXTRA


class ExtraTimeForm(Form):
    """Extra time for quizzes and tests, in percent of the limit."""

    percent = StringField(lazy_gettext(N_("Tambahan (persen)")), name="persen")

    def validate_percent(self, field: Field) -> None:
        if not 1 <= self.read() <= MOST_EXTRA:
            raise ValidationError(gettext(N_("Tulis angka bulat dari 1 sampai %(most)s."), most=MOST_EXTRA))

    def read(self) -> int:
        """The percent typed, also with its sign; 0 when it is no number."""
        typed = (self.percent.data or "").removesuffix("%").strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 3 else 0


class BecauseForm(Form):
    """Why something is done to a certificate; whoever checks it reads that."""

    because = TextAreaField(
        lazy_gettext(N_("Alasan")), [required(N_("Tulis alasannya.")), plain(LONGEST_REASON)], name="alasan"
    )

    @property
    def reason(self) -> str:
        """The reason as typed."""
        return self.because.data or ""


class CorrectForm(BecauseForm):
    """The right name."""

    holder = StringField(
        lazy_gettext(N_("Nama yang benar")), [required(N_("Tulis nama yang benar.")), plain(120)], name="nama"
    )


class RemoveForm(BecauseForm):
    """That the holder asked for the removal."""

    asked = BooleanField(
        lazy_gettext(N_("Pemegangnya sendiri yang meminta, dan orangnya sudah dipastikan")),
        [required(N_("Centang jika pemegangnya sendiri yang meminta."))],
        name="diminta",
    )


class ExportForm(Form):
    """What a list with names is wanted for."""

    because = TextAreaField(
        lazy_gettext(N_("Untuk apa daftar ini?")),
        [required(N_("Tulis untuk apa daftar ini diunduh.")), plain(LONGEST_REASON)],
        name="alasan",
    )
