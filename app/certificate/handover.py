"""Papers carried to whoever signs, and back, as files: in a folder or a ZIP."""

from __future__ import annotations

import hashlib
import lzma
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.certificate import acceptance, external, limited, making, pades, waiting
from app.certificate.lifecycle import reason_of
from app.certificate.models import Certificate, Edition
from app.db import apart
from app.errors import N_

MOST_FILES = 20_000
# Programs that sign add something to the name; ours is still in it.
_NAME = re.compile(r"(?<![0-9A-Z])([0-9A-HJKMNP-TV-Z]{16,20})-([0-9]{1,4})(?![0-9])")
_FINISHED = "PDF ini sudah selesai; yang sudah ada tidak diganti."
_GONE = "tidak lagi ditunggu; sertifikatnya baru saja dicabut, dikoreksi, atau dihapus."
# What the libraries raise for a ZIP whose pieces are damaged, closed, or packed in a way of their own.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, NotImplementedError,
    UnicodeDecodeError,
)  # fmt: skip


class NotRead(ValueError):
    """This folder or ZIP cannot be read or written; the message says why."""


@dataclass(slots=True)
class Brought:
    """What came of files that were brought back."""

    kept: int = 0
    known: int = 0  # brought before
    problems: list[str] = field(default_factory=list)


def take_out(engine: sa.Engine, settings: Mapping[str, Any], target: Path, because: str, now: datetime) -> int:
    """Writes every paper that waits for an official into a new folder or ZIP, which only its owner reads.

    Returns how many. Raises NotRead, and Refused without a reason: names leave the house.
    """
    _by_hand(settings)
    reason = reason_of(because, N_("Tulis untuk apa PDF-nya diambil, paling panjang %(most)s huruf."))
    query = waiting.open_papers().add_columns(Certificate.code, Edition.version, Edition.id)
    with Session(engine) as session:
        found = session.execute(query.where(Edition.signer == "external").order_by(Edition.id)).all()
    try:
        with ExitStack() as open_:
            write = _into_zip(target, open_) if target.suffix.casefold() == ".zip" else _into_folder(target)
            with apart(engine) as session:
                journal.audit(session, "papers.taken_out", now, actor=None, because=reason, count=len(found))
            return sum(_written(engine, settings, row, write, now) for row in found)
    except (OSError, ValueError) as error:
        if isinstance(error, NotRead):
            raise
        raise NotRead(f"{target} tidak dapat ditulis: {error}.") from error


def _by_hand(settings: Mapping[str, Any]) -> None:
    """Raises NotRead while a service has the papers, for then an official would sign them twice."""
    if settings["SIGNER_URL"]:
        raise NotRead("PDF sedang ditangani layanan tanda tangan. Kosongkan SIGNER_URL jika dibawa sebagai berkas.")


def _new(path: Path) -> IO[bytes]:
    """A new file that only its owner reads: it holds a name."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _into_zip(target: Path, open_: ExitStack) -> Callable[[str, bytes], Any]:
    return open_.enter_context(zipfile.ZipFile(open_.enter_context(_new(target)), "w")).writestr


def _into_folder(target: Path) -> Callable[[str, bytes], Any]:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(target.iterdir()):
        # What lies there may be signed already.
        raise NotRead(f"Folder {target} tidak kosong. Pilih folder baru.")

    def write(name: str, paper: bytes) -> None:
        with _new(target / name) as file:
            file.write(paper)

    return write


def _written(engine: sa.Engine, settings: Mapping[str, Any], row: Any, write: Callable[[str, bytes], Any],
             now: datetime) -> int:  # fmt: skip
    code, version, edition_id = row
    paper = making.unsigned_or_put_off(engine, edition_id, settings, now)
    if paper is None:
        return 0
    write(f"{external.name_of(code, version)}.pdf", paper)
    return 1


def bring_back(engine: sa.Engine, settings: Mapping[str, Any], source: Path, now: datetime) -> Brought:
    """Keeps every signed paper in this folder or ZIP that counts; what was brought before changes nothing."""
    _by_hand(settings)
    pades.roots_in(settings["SIGNER_CHAIN"])
    done, accepted = Brought(), list[tuple[str, acceptance.Accepted]]()
    with limited.Judge(settings["SIGNER_CHAIN"]) as judge:
        for name, signed in _files(source, done.problems):
            found = _accepted(engine, settings, judge, name, signed, done, now)
            if found is not None:
                accepted.append((name, found))
            if len(accepted) == external.BATCH:
                _keep(engine, accepted, done, now)
        _keep(engine, accepted, done, now)
    return done


def _keep(engine: sa.Engine, accepted: list[tuple[str, acceptance.Accepted]], done: Brought, now: datetime) -> None:
    """Keeps these papers, each with the name of its file; a second one for the same certificate is noted and left."""
    kept = acceptance.keep(engine, [one for _, one in accepted], now)
    done.kept += len(kept)
    for name, one in accepted:
        if any(one is mine for mine in kept):
            continue
        now_known = _known(engine, name)
        if one in kept:
            done.known += 1
        elif not isinstance(now_known, str) and now_known[1] is not None:
            done.problems.append(f"{name}: {_FINISHED}")
        else:
            done.problems.append(f"{name}: {_GONE}")
    accepted.clear()


def _accepted(
    engine: sa.Engine, settings: Mapping[str, Any], judge: limited.Judge, name: str, signed: bytes, done: Brought,
    now: datetime,
) -> acceptance.Accepted | None:  # fmt: skip
    """The paper in this file if it counts and is waited for; else it is noted what it is."""
    told = _known(engine, name)
    if isinstance(told, str):
        done.problems.append(f"{name}: {told}")
        return None
    edition_id, digest, paper = told
    if digest == hashlib.sha256(signed).hexdigest():
        done.known += 1
        return None
    if digest is not None:
        done.problems.append(f"{name}: {_FINISHED}")
        return None
    unsigned = making.unsigned_or_put_off(engine, edition_id, settings, now)
    if unsigned is None:
        done.problems.append(f"{name}: belum dapat diterima. Simpan berkasnya, lalu lihat `flask certificate status`.")
        return None
    subject, why = acceptance.judged(judge, settings["SIGNER_SUBJECTS"], unsigned, signed, now)
    if not why:
        return acceptance.Accepted(edition_id, paper, signed, subject)
    done.problems.append(f"{name}: ditolak, {why}.")
    with apart(engine) as session:
        making.put_off(session, edition_id, f"PDF yang kembali ditolak: {why}.", now)
    return None


def _known(engine: sa.Engine, name: str) -> tuple[int, str | None, str] | str:
    """The edition that this file is called after, the SHA-256 of its paper if it is finished, and our name for it."""
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
    if found is not None:
        return found[0], found[1], external.name_of(called[1], int(called[2]))
    return "tidak ada sertifikat yang menunggu tanda tangan dengan nama ini."


def _files(source: Path, problems: list[str]) -> Iterator[tuple[str, bytes]]:
    """The PDFs in a folder or a ZIP, one after the other; nothing is unpacked to the disk.

    One that is damaged is noted among the problems, and keeps no other from being read.
    """
    with ExitStack() as open_:
        try:
            if source.is_dir():
                paths = [path for path in sorted(source.iterdir()) if path.suffix.casefold() == ".pdf"]
                files: list[Any] = [(path.name, path.open) for path in paths if path.is_file()]
            else:
                bundle = open_.enter_context(zipfile.ZipFile(source))
                infos = [info for info in bundle.infolist() if info.filename.casefold().endswith(".pdf")]
                files = [(PurePosixPath(info.filename).name, _opener(bundle, info)) for info in infos]
        except _BROKEN as error:
            raise NotRead(f"{source} tidak dapat dibaca: {error}.") from error
        if len(files) > MOST_FILES:
            raise NotRead(f"Lebih dari {MOST_FILES} berkas. Bagi menjadi beberapa.")
        for name, opened in files:
            try:
                with opened("rb") as file:
                    # One byte more than may be says that it is too large.
                    content = file.read(acceptance.MOST_PAPER + 1)
            except _BROKEN as error:
                problems.append(f"{name}: tidak dapat dibaca ({error}).")
                continue
            yield name, content


def _opener(bundle: zipfile.ZipFile, info: zipfile.ZipInfo) -> Any:
    return lambda _mode: bundle.open(info)
