"""Shape of what the desk types."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import Field, StringField, ValidationError

from app.errors import N_
from app.forms import Form
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
