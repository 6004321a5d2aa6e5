"""Papers carried to whoever signs, and back, as files: in a folder or a ZIP."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.certificate import external, making, pades, waiting
from app.certificate.models import Certificate, Edition
from app.db import apart

MOST_FILES = 20_000
# Programs that sign add something to the name; ours is still in it.
_NAME = re.compile(r"(?<![0-9A-Z])([0-9A-HJKMNP-TV-Z]{16,20})-([0-9]{1,4})(?![0-9])")


class NotRead(ValueError):
    """This folder or ZIP cannot be read or written; the message says why."""


@dataclass(slots=True)
class Brought:
    """What came of files that were brought back."""

    kept: int = 0
    known: int = 0  # brought before
    problems: list[str] = field(default_factory=list)


def take_out(engine: sa.Engine, settings: Mapping[str, Any], target: Path) -> int:
    """Writes every paper that waits for an official into a new folder or ZIP; returns how many."""
    query = waiting.open_papers().add_columns(Certificate.code, Edition.version, Edition.id)
    with Session(engine) as session:
        found = session.execute(query.where(Edition.signer == "external").order_by(Edition.id)).all()
    try:
        if target.suffix.casefold() == ".zip":
            with zipfile.ZipFile(target, "x") as bundle:
                return sum(_written(engine, settings, row, bundle.writestr) for row in found)
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            # What lies there may be signed already.
            raise NotRead(f"Folder {target} tidak kosong. Pilih folder baru.")
        return sum(
            _written(engine, settings, row, lambda name, paper: (target / name).write_bytes(paper)) for row in found
        )
    except (OSError, ValueError) as error:
        if isinstance(error, NotRead):
            raise
        raise NotRead(f"{target} tidak dapat ditulis: {error}.") from error


def _written(engine: sa.Engine, settings: Mapping[str, Any], row: Any, write: Any) -> int:
    code, version, edition_id = row
    paper = making.unsigned(engine, edition_id, settings)
    if paper is None:
        return 0
    write(f"{external.name_of(code, version)}.pdf", paper)
    return 1


def bring_back(engine: sa.Engine, settings: Mapping[str, Any], source: Path, now: datetime) -> Brought:
    """Keeps every signed paper in this folder or ZIP that counts; what was brought before changes nothing."""
    roots, done = pades.roots_in(settings["SIGNER_CHAIN"]), Brought()
    for name, signed in _files(source):
        told = _known(engine, name)
        if isinstance(told, str):
            done.problems.append(f"{name}: {told}")
            continue
        edition_id, digest = told
        if digest == hashlib.sha256(signed).hexdigest():
            done.known += 1
            continue
        unsigned = making.unsigned(engine, edition_id, settings) if digest is None else None
        if unsigned is None:
            done.problems.append(f"{name}: PDF ini tidak ditunggu lagi; yang sudah ada tidak diganti.")
            continue
        why = external.refused(unsigned, signed, roots, now)
        with apart(engine) as session:
            if why:
                making.put_off(session, edition_id, f"PDF yang kembali ditolak: {why}.", now)
            else:
                done.kept += making.keep(session, edition_id, signed, now)
        if why:
            done.problems.append(f"{name}: ditolak, {why}.")
    return done


def _known(engine: sa.Engine, name: str) -> tuple[int, str | None] | str:
    """The edition that this file is called after, and the SHA-256 of its paper if it is finished."""
    called = _NAME.search(name)
    if called is None:
        return "nama berkas tidak memuat kode dan versi."
    query = (
        sa.select(Edition.id, Edition.digest)
        .join(Certificate, Certificate.id == Edition.certificate_id)
        .where(Certificate.code == called[1], Edition.version == int(called[2]), Edition.signer == "external")
    )
    with Session(engine) as session:
        found = session.execute(query).first()
    return (found[0], found[1]) if found else "tidak ada sertifikat yang menunggu tanda tangan dengan nama ini."


def _files(source: Path) -> Iterator[tuple[str, bytes]]:
    """The PDFs in a folder or a ZIP, one after the other; nothing is unpacked to the disk."""
    try:
        with ExitStack() as open_:
            if source.is_dir():
                paths = [path for path in sorted(source.iterdir()) if path.suffix.casefold() == ".pdf"]
                files: list[Any] = [(path.name, path.open) for path in paths if path.is_file()]
            else:
                bundle = open_.enter_context(zipfile.ZipFile(source))
                infos = [info for info in bundle.infolist() if info.filename.casefold().endswith(".pdf")]
                files = [(PurePosixPath(info.filename).name, _opener(bundle, info)) for info in infos]
            if len(files) > MOST_FILES:
                raise NotRead(f"Lebih dari {MOST_FILES} berkas. Bagi menjadi beberapa.")
            for name, opened in files:
                with opened("rb") as file:
                    # One byte more than may be says that it is too large.
                    yield name, file.read(external.MOST_PAPER + 1)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise NotRead(f"{source} tidak dapat dibaca: {error}.") from error


def _opener(bundle: zipfile.ZipFile, info: zipfile.ZipInfo) -> Any:
    return lambda _mode: bundle.open(info)
