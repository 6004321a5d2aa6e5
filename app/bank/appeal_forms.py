"""Shape of what learners and trainers type about an appeal."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, StringField, ValidationError

from app.bank.appeals import LONGEST, SHORTEST, VERDICTS
from app.errors import N_
from app.forms import Form, plain, required


def _long_enough(_form: Any, field: Field) -> None:
    if len(field.data or "") < SHORTEST:
        raise ValidationError(gettext(N_("Tulis paling sedikit %(least)s huruf."), least=SHORTEST))


class AppealForm(Form):
    """Why a learner wants a person to look again."""

    reason: Any = StringField(
        lazy_gettext(N_("Mengapa hasil ini perlu ditinjau?")),
        [required(N_("Tulis alasan Anda.")), plain(LONGEST), _long_enough],
        name="alasan",
    )


class AnswerForm(Form):
    """What a trainer answers, and what follows from it."""

    reply: Any = StringField(
        lazy_gettext(N_("Jawaban untuk peserta")),
        [required(N_("Tulis jawaban untuk peserta.")), plain(LONGEST), _long_enough],
        name="jawaban",
    )
    verdict: Any = StringField(lazy_gettext(N_("Keputusan")), [required(N_("Pilih satu keputusan."))], name="putusan")

    def validate_verdict(self, field: Field) -> None:
        if field.data not in VERDICTS:
            raise ValidationError(gettext(N_("Pilih satu keputusan.")))
