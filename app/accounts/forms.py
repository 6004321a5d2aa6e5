"""Shape of what people type about themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, Field, PasswordField, StringField, ValidationError

from app import clock
from app.accounts import consents, people, regions, rules, strength
from app.accounts.rules import AboutMe
from app.errors import N_, Refused
from app.forms import Check, Form, plain, required

Groups = list[tuple[str, list[tuple[str, str]]]]
_CONSENT_NEEDED = N_("Centang persetujuan agar isian opsional ini disimpan, atau kosongkan isiannya.")
_NAME_NEEDED = N_("Tulis nama pengguna, nomor HP, atau surel Anda.")


def region_groups() -> Groups:
    """The fifteen kelurahan under their kecamatan, and the outside, for a list of choices."""
    return [
        *(
            (place.name, [(code, regions.name_of(code)) for code in regions.GROUPS[place.code]])
            for place in regions.KECAMATAN
        ),
        ("", [(regions.OUTSIDE, gettext(regions.OUTSIDE_NAME))]),
    ]


def gender_groups() -> Groups:
    return [("", [(choice.code, gettext(choice.label)) for choice in people.GENDERS])]


def education_groups() -> Groups:
    return [("", [(str(entry.number), gettext(entry.label)) for entry in people.EDUCATION])]


def occupation_groups() -> Groups:
    return [("", [(str(entry.number), gettext(entry.label)) for entry in people.OCCUPATIONS])]


def among(values: Collection[str], message: str) -> Check:
    """The field must be one of these, or empty."""

    def check(_form: Any, field: Field) -> None:
        if field.data and field.data not in values:
            raise ValidationError(gettext(message))

    return check


def agreed_by(rule: Callable[[str], object]) -> Check:
    """The field must be what the rule accepts; what it refuses is the sentence of the field."""

    def check(_form: Any, field: Field) -> None:
        if not field.data or field.errors:
            return
        try:
            rule(field.data)
        except Refused as no:
            raise ValidationError(gettext(no.message, **no.facts)) from no

    return check


def birth_year(_form: Any, field: Field) -> None:
    """A year in four figures in which somebody alive was born."""
    text = field.data or ""
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise ValidationError(gettext(N_("Tahun lahir harus 4 angka, misalnya 1985.")))
    this_year = clock.now().astimezone(clock.WITA).year
    if not this_year - people.OLDEST <= int(text) <= this_year:
        raise ValidationError(
            gettext(
                N_("Periksa tahun lahir Anda: %(first)s sampai %(last)s."),
                first=this_year - people.OLDEST,
                last=this_year,
            )
        )


birth_year.field_flags = {"required": True, "maxlength": 4}  # type: ignore[attr-defined]  # WTForms reads it


_REGION_CHECKS = (
    required(N_("Pilih kelurahan tempat Anda tinggal.")),
    plain(40),
    among(regions.CODES, N_("Pilih kelurahan dari daftar.")),
)


def _about_me_fields() -> tuple[Any, Any, Any, Any]:
    """Three facts and the consent for them. Made anew for each form: the order on the page is that of their making."""
    unknown = N_("Pilih dari daftar, atau kosongkan.")
    return (
        StringField(
            lazy_gettext(N_("Jenis kelamin")),
            [plain(20), among([choice.code for choice in people.GENDERS], unknown)],
            name="kelamin",
        ),
        StringField(
            lazy_gettext(N_("Pendidikan terakhir")),
            [plain(20), among([str(entry.number) for entry in people.EDUCATION], unknown)],
            name="pendidikan",
        ),
        StringField(
            lazy_gettext(N_("Pekerjaan")),
            [plain(20), among([str(entry.number) for entry in people.OCCUPATIONS], unknown)],
            name="pekerjaan",
        ),
        BooleanField(lazy_gettext(consents.SENTENCES[consents.ABOUT_ME]), name="setuju"),
    )


class _TellsAboutMe(Form):
    """A form with optional facts about a person, under a consent of its own."""

    gender: Any
    education: Any
    occupation: Any
    agree: Any

    def facts(self) -> AboutMe:
        """What was told."""
        return AboutMe(
            gender=self.gender.data or None,
            education=int(self.education.data) if self.education.data else None,
            occupation=int(self.occupation.data) if self.occupation.data else None,
        )

    def validate_agree(self, field: Field) -> None:
        told = (self.gender.data, self.education.data, self.occupation.data)
        if any(told) and not field.data:
            raise ValidationError(
                gettext(N_("Centang persetujuan agar isian opsional ini disimpan, atau kosongkan isiannya."))
            )


class AboutMeForm(_TellsAboutMe):
    """The optional facts, given or changed later."""

    gender, education, occupation, agree = _about_me_fields()


class _NewPassword(Form):
    def names(self) -> list[str]:
        """Words from which a stranger could guess this person's password."""
        return [place.name for place in regions.KELURAHAN]


def strong(form: Any, field: Field) -> None:
    """A password that is long enough and not easy to guess."""
    found = strength.weakness(field.data or "", form.names())
    if found is not None:
        raise ValidationError(gettext(found))


strong.field_flags = {"required": True}  # type: ignore[attr-defined]  # WTForms reads it


class RegisterForm(_TellsAboutMe, _NewPassword):
    """Six fields of a new account, and three that may stay empty."""

    name: Any = StringField(
        lazy_gettext(N_("Nama lengkap")),
        [required(N_("Tulis nama lengkap Anda.")), plain(120), agreed_by(rules.full_name)],
        name="nama",
    )
    sign_in: Any = StringField(
        lazy_gettext(N_("Nama pengguna, nomor HP, atau surel")),
        [required(_NAME_NEEDED), plain(254), agreed_by(rules.sign_in_name)],
        name="masuk",
    )
    password: Any = PasswordField(lazy_gettext(N_("Kata sandi")), [strong], name="sandi")
    region: Any = StringField(
        lazy_gettext(N_("Kelurahan domisili")),
        [
            required(N_("Pilih kelurahan tempat Anda tinggal.")),
            plain(40),
            among(regions.CODES, N_("Pilih kelurahan dari daftar.")),
        ],
        name="kelurahan",
    )
    birth_year: Any = StringField(lazy_gettext(N_("Tahun lahir")), [birth_year], name="tahun")
    adult: Any = BooleanField(
        lazy_gettext(consents.SENTENCES[consents.ADULT]),
        [
            required(
                N_(
                    "Centang jika Anda berusia 18 tahun atau lebih. Belum 18 tahun? "
                    "Tanyakan kelas dengan izin orang tua di kantor kelurahan."
                )
            )
        ],
        name="dewasa",
    )
    gender, education, occupation, agree = _about_me_fields()

    def names(self) -> list[str]:
        return [*super().names(), self.name.data or "", self.sign_in.data or ""]


class SignInForm(Form):
    """A name and a password; whether they belong together only the action knows."""

    sign_in: Any = StringField(
        lazy_gettext(N_("Nama pengguna, nomor HP, atau surel")), [required(_NAME_NEEDED), plain(254)], name="masuk"
    )
    password: Any = PasswordField(
        lazy_gettext(N_("Kata sandi")), [required(N_("Tulis kata sandi Anda."))], name="sandi"
    )
    shared: Any = BooleanField(lazy_gettext(N_("Perangkat ini dipakai bersama orang lain")), name="bersama")


class RecoverForm(_NewPassword):
    """A name, the one-time code, and the new password."""

    sign_in: Any = StringField(
        lazy_gettext(N_("Nama pengguna, nomor HP, atau surel")), [required(_NAME_NEEDED), plain(254)], name="masuk"
    )
    code: Any = StringField(
        lazy_gettext(N_("Kode pemulihan")),
        [required(N_("Tulis kode dari petugas atau dari surel.")), plain(40)],
        name="kode",
    )
    password: Any = PasswordField(lazy_gettext(N_("Kata sandi baru")), [strong], name="sandi_baru")

    def names(self) -> list[str]:
        return [*super().names(), self.sign_in.data or ""]


class LetterForm(Form):
    """The e-mail address to which a code shall go."""

    email: Any = StringField(
        lazy_gettext(N_("Alamat surel akun Anda")),
        [required(N_("Tulis alamat surel akun Anda.")), plain(254)],
        name="surel",
    )

    def validate_email(self, field: Field) -> None:
        if field.data and not field.errors and "@" not in field.data:
            raise ValidationError(gettext(N_("Alamat surel ini belum lengkap. Contoh: sari@surel.contoh")))
        agreed_by(rules.sign_in_name)(self, field)


class ProfileForm(Form):
    """The name and the kelurahan."""

    name: Any = StringField(
        lazy_gettext(N_("Nama lengkap")),
        [required(N_("Tulis nama lengkap Anda.")), plain(120), agreed_by(rules.full_name)],
        name="nama",
    )
    region: Any = StringField(
        lazy_gettext(N_("Kelurahan domisili")),
        [
            required(N_("Pilih kelurahan tempat Anda tinggal.")),
            plain(40),
            among(regions.CODES, N_("Pilih kelurahan dari daftar.")),
        ],
        name="kelurahan",
    )


class PasswordForm(_NewPassword):
    """The old password and the new one."""

    old: Any = PasswordField(
        lazy_gettext(N_("Kata sandi sekarang")), [required(N_("Tulis kata sandi Anda sekarang."))], name="sandi_lama"
    )
    password: Any = PasswordField(lazy_gettext(N_("Kata sandi baru")), [strong], name="sandi_baru")

    def __init__(self, *args: Any, own_names: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_names = own_names

    def names(self) -> list[str]:
        return [*super().names(), *self.own_names]


class LeaveForm(Form):
    """The password, to be sure that it is the owner who leaves, and whether certificates go too."""

    password: Any = PasswordField(
        lazy_gettext(N_("Kata sandi")), [required(N_("Tulis kata sandi Anda."))], name="sandi"
    )
    wholly: Any = BooleanField(lazy_gettext(N_("Hapus juga semua sertifikat saya")), name="sertifikat")
