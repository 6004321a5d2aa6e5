"""Shape of what trainers type to count scores anew."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, StringField, ValidationError

from app.bank.regrade import LONGEST_REASON, SHORTEST_REASON
from app.errors import N_
from app.forms import Form, plain, required

MODES = ("raise", "exact")
CONSENT = N_("nilai boleh turun")


class RegradeForm(Form):
    """Why, in which way, and (where scores may fall) the words that say so."""

    reason: Any = StringField(
        lazy_gettext(N_("Alasan")),
        [required(N_("Tulis alasannya; peserta yang nilainya berubah membacanya.")), plain(LONGEST_REASON)],
        name="alasan",
    )
    mode: Any = StringField(lazy_gettext(N_("Cara menilai")), [required(N_("Pilih cara menilai."))], name="cara")
    sure: Any = StringField(lazy_gettext(N_("Tulis “nilai boleh turun” untuk memastikan")), [plain(60)], name="yakin")

    def validate_reason(self, field: Field) -> None:
        if len(" ".join((field.data or "").split())) < SHORTEST_REASON:
            raise ValidationError(gettext(N_("Tulis paling sedikit %(least)s huruf."), least=SHORTEST_REASON))

    def validate_mode(self, field: Field) -> None:
        if field.data not in MODES:
            raise ValidationError(gettext(N_("Pilih cara menilai.")))

    def validate_sure(self, field: Field) -> None:
        said = " ".join((field.data or "").casefold().split())
        if self.mode.data == "exact" and said not in (CONSENT, gettext(CONSENT).casefold()):
            raise ValidationError(gettext(N_("Tulis “nilai boleh turun”, atau pilih cara yang hanya menaikkan.")))
