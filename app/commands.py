"""Every command of `flask …`. Servers do not load this: commands bring Alembic and more, which only they need."""

from __future__ import annotations

from flask import Flask

from app import background, demo, migrate, serve
from app.accounts import cli as accounts
from app.bank import cli as bank
from app.bank import exchange_cli
from app.certificate import badge_cli, batch_cli, keys_cli, register_cli, work_cli
from app.certificate import cli as certificate
from app.course import cli as course
from app.stats import cli as stats

# The commands of a slice hang on one group, whatever file they stand in.
__all__ = ["add_to", "badge_cli", "batch_cli", "exchange_cli", "keys_cli", "register_cli", "work_cli"]

ALL = (migrate, serve, demo, background, course, accounts, certificate, bank, stats)


def add_to(app: Flask) -> None:
    """Gives the application its commands."""
    for module in ALL:
        app.cli.add_command(module.cli)
