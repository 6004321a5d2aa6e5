"""`flask bank read`: what a file of questions from another system holds, without taking anything in."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.bank.cli import cli
from app.course.cards import KINDS_BY_WORD
from app.exchange import sniff
from app.exchange.shapes import Found, Remark, Unreadable

_WORDS = {kind: word for word, kind in KINDS_BY_WORD.items()}


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def read(file: Path, as_json: bool) -> None:
    """Sebut isi berkas soal FILE: GIFT, Aiken, Moodle XML, Cloze, QTI, atau paket QTI."""
    try:
        with file.open("rb") as opened:
            data = opened.read(sniff.LARGEST + 1)
    except OSError as error:
        raise click.ClickException(f"Berkas {file} tidak dapat dibaca ({error.strerror}).") from error
    try:
        kind = sniff.format_of(data)
        found = kind.read(data)
    except Unreadable as no:
        if as_json:
            click.echo(json.dumps({"unreadable": str(no)}, ensure_ascii=False))
            raise SystemExit(1) from no
        raise click.ClickException(str(no)) from no
    if as_json:
        click.echo(json.dumps(_told(kind.name, found), ensure_ascii=False, indent=2))
    else:
        _say(kind.name, found)


def _say(name: str, found: Found) -> None:
    click.echo(f"{name}: {len(found.items)} soal dapat masuk, {len(found.refused)} tidak.")
    for kind, count in sorted(found.kinds.items()):
        click.echo(f"  {kind or '(tanpa jenis)'}: {count}")
    for category in found.categories:
        click.echo(f"  kategori: {category}")
    for item in found.items:
        click.echo(f"masuk: {item.id} ({_WORDS[item.kind]}): {item.stem}")
    for word, remarks in (("tidak masuk", found.refused), ("catatan", found.notes)):
        for remark in remarks:
            click.echo(f"{word}: {_where(remark)}{remark.text}")


def _where(remark: Remark) -> str:
    place = f"baris {remark.line}" if remark.line else ""
    named = f"“{remark.question}”" if remark.question else ""
    words = ", ".join(word for word in (place, named, remark.kind) if word)
    return f"{words}: " if words else ""


def _told(name: str, found: Found) -> dict[str, object]:
    return {
        "format": name,
        "kinds": dict(sorted(found.kinds.items())),
        "categories": list(found.categories),
        "items": [{"id": item.id, "kind": item.kind, "question": item.stem} for item in found.items],
        "refused": [_remark(one) for one in found.refused],
        "notes": [_remark(one) for one in found.notes],
    }


def _remark(remark: Remark) -> dict[str, object]:
    return {"question": remark.question, "kind": remark.kind, "line": remark.line, "element": remark.element,
            "reason": remark.text}  # fmt: skip
