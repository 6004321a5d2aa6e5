from __future__ import annotations

import click


@click.command("serve")
def cli() -> None:
    """Stub, being written."""
