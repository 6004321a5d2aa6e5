"""What people here call the roles."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext

from app.access import Role
from app.errors import N_

NAMES = {
    Role.RESIDENT: N_("peserta"),
    Role.TRAINER: N_("pelatih"),
    Role.ANALYST: N_("analis"),
    Role.ADMIN: N_("admin"),
}


def name(role: Role) -> str:
    """One role in words."""
    return str(gettext(NAMES[role]))


def listed(roles: Collection[Role]) -> str:
    """Several roles in words, always in the same order."""
    return ", ".join(name(role) for role in Role if role in roles)
