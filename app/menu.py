"""The words in the header: at most four, by what a person is here for."""

from __future__ import annotations

from flask_babel import gettext
from flask_login import current_user

from app.access import Role
from app.errors import N_

_GUEST = (("home.front", N_("Beranda")), ("course.catalogue", N_("Kursus")), ("certificate.check", N_("Sertifikat")))
_RESIDENT = (
    ("home.front", N_("Beranda")),
    ("course.catalogue", N_("Kursus")),
    ("enrollment.mine", N_("Belajar")),
    ("certificate.mine", N_("Sertifikat")),
)
# The duty of a role comes first, then what every role shares.
_DUTIES = (
    (Role.ADMIN, ("desk.people", N_("Kelola"))),
    (Role.ANALYST, ("stats.overview", N_("Rekap"))),
    (Role.TRAINER, ("authoring.courses", N_("Menulis"))),
)


def lines() -> list[tuple[str, str]]:
    """(endpoint, words) of each line of the menu for the person at hand."""
    roles = current_user.roles if current_user.is_authenticated else frozenset()
    duties = [line for role, line in _DUTIES if role in roles]
    if not roles:
        shown = list(_GUEST)
    elif not duties:
        shown = list(_RESIDENT)
    else:
        shown = [*duties, ("course.catalogue", N_("Kursus"))]
        if Role.RESIDENT in roles:
            shown.append(("enrollment.mine", N_("Belajar")))
    return [(endpoint, gettext(words)) for endpoint, words in shown]
