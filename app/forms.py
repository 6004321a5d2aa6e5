"""The base form: trims what people type, checks shape, carries refusals back to the field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

from app.errors import N_, Refused

# Control characters, and the marks that turn the reading direction around to disguise a text.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
Check = Callable[[Any, Field], None]


def trimmed(value: Any) -> Any:
    """Without blanks around it, in composed Unicode, so that one name has one spelling."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


class Form(FlaskForm):
    """A form whose text fields come in trimmed and which can show what an action refused."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound_field.kwargs.get("filters", []))
            if unbound_field.field_class.__name__ not in ("PasswordField", "FileField"):
                filters.insert(0, trimmed)
            return unbound_field.bind(form=form, filters=filters, **options)

    def refuse(self, name: str, refusal: Refused) -> None:
        """Shows an action's refusal at the field it is about."""
        field = self[name]
        field.errors = [*field.errors, gettext(refusal.message, **refusal.facts)]

    def wrong(self) -> list[tuple[str, str]]:
        """Each field that is wrong with its sentence, in the order of the page."""
        return [(field.id, str(field.errors[0])) for field in self if field.errors]


def required(message: str) -> Check:
    """The field must hold something other than blanks."""

    def check(_form: Any, field: Field) -> None:
        if field.data is None or field.data is False or (isinstance(field.data, str) and not field.data.strip()):
            raise ValidationError(gettext(message))

    # WTForms sets the HTML attribute `required` from this.
    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


def plain(most: int) -> Check:
    """At most so many characters, and none that cannot be shown."""

    def check(_form: Any, field: Field) -> None:
        text = field.data or ""
        if len(text) > most:
            raise ValidationError(
                gettext(
                    N_("Isian ini paling panjang %(most)s huruf. Anda menulis %(length)s."), most=most, length=len(text)
                )
            )
        if _UNUSABLE.search(text):
            raise ValidationError(
                gettext(N_("Isian ini memuat huruf yang tidak dapat ditampilkan. Ketik ulang isiannya."))
            )

    check.field_flags = {"maxlength": most}  # type: ignore[attr-defined]
    return check


def usable(text: str) -> bool:
    """Whether a database and a page can hold every character of the text."""
    return not _UNUSABLE.search(text)
