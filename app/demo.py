from __future__ import annotations

import click


@click.command("demo")
def cli() -> None:
    """Stub, being written."""
