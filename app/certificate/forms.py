"""Shape of what people type about certificates."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, FileField, StringField, TextAreaField, ValidationError

from app.certificate.code import EXAMPLE
from app.certificate.pasted import MOST, Pasted, code_in, codes_in
from app.errors import N_
from app.forms import Form, plain, required


class ClaimForm(Form):
    """The name for the first certificate, confirmed."""

    name = StringField(
        lazy_gettext(N_("Nama yang dicetak")), [required(N_("Tulis nama lengkap Anda.")), plain(120)], name="nama"
    )
    right = BooleanField(
        lazy_gettext(N_("Nama ini benar")),
        [required(N_("Centang jika nama di atas sudah benar."))],
        name="benar",
    )


class CheckForm(Form):
    """A verification code, as somebody reads it from a paper or copies it from a message."""

    code = StringField(lazy_gettext(N_("Kode verifikasi")), name="kode")

    def validate_code(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext(N_("Tulis kode 20 huruf dan angka yang tercetak di bawah QR.")))
        if self.read() is None:
            raise ValidationError(
                gettext(
                    N_("Kode ini belum lengkap atau salah ketik. Kode berisi 20 huruf dan angka, misalnya %(code)s."),
                    code=EXAMPLE,
                )
            )

    def read(self) -> str | None:
        """The code in its stored form; a whole address copied from a message is understood as well."""
        return code_in(self.code.data or "")


class ManyForm(Form):
    """Verification codes, one a line, as they are copied from a list or a spreadsheet."""

    codes = TextAreaField(lazy_gettext(N_("Kode atau alamat")), [plain(60_000)], name="kode")

    def validate_codes(self, field: Field) -> None:
        if not (found := self.read()):
            raise ValidationError(gettext(N_("Tempelkan paling sedikit satu kode.")))
        if len(found) > MOST:
            raise ValidationError(
                gettext(
                    N_("Paling banyak %(most)s kode sekali periksa. Anda menempelkan %(count)s."),
                    most=MOST,
                    count=len(found),
                )
            )

    def read(self) -> list[Pasted]:
        """Every code, and every line that holds none."""
        return codes_in(self.codes.data or "")


class FileForm(Form):
    """A PDF that somebody wants to have looked through."""

    file = FileField(lazy_gettext(N_("Berkas PDF")), name="berkas")

    def validate_file(self, field: Field) -> None:
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError(gettext(N_("Pilih berkas PDF dari perangkat Anda.")))
