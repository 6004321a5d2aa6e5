"""The papers of a batch as one ZIP file, written paper by paper."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import journal
from app.certificate.code import grouped
from app.certificate.lifecycle import reason_of
from app.certificate.models import Batch, BatchItem, Certificate, Edition
from app.clock import WITA
from app.errors import N_, Refused
from app.sheets import safe, written

INDEX = "daftar.csv"
HEADER = ("berkas", "nomor", "kode", "nama", "kursus", "terbit", "sha256")
_LONGEST_NAME = 200  # bytes; no system keeps more than 255


@dataclass(frozen=True, slots=True)
class Paper:
    """One file to be."""

    edition: int
    name: str
    number: str
    code: str
    holder: str
    course: str
    issued_at: datetime
    digest: str


def packed(session: Session, batch: Batch, because: str, by: int | None, now: datetime) -> list[Paper]:
    """Notes that names leave the house, and why; returns the papers that are finished, those revoked left out."""
    reason = reason_of(because, N_("Tulis untuk apa PDF-nya diunduh, paling panjang %(most)s huruf."))
    query = (
        sa.select(Edition.id, Certificate.number, Certificate.code, Certificate.holder, Certificate.course_title,
                  Certificate.issued_at, Edition.digest)
        .select_from(BatchItem)
        .join(Certificate, Certificate.id == BatchItem.certificate_id)
        .join(Edition, sa.and_(Edition.certificate_id == Certificate.id, Edition.version == Certificate.version))
        .where(BatchItem.batch_id == batch.id, Certificate.revoked_at.is_(None), Edition.finished_at.is_not(None))
        .order_by(BatchItem.id)
    )  # fmt: skip
    papers = [
        Paper(row.id, file_name(place, row.number, row.holder), *row[1:-1], digest=str(row.digest))
        for place, row in enumerate(session.execute(query), 1)
    ]
    if not papers:
        raise Refused(N_("Belum ada PDF yang siap diunduh."))
    journal.audit(
        session, "batch.downloaded", now, actor=by, course=batch.course, because=reason, count=len(papers),
        batch=batch.uuid,
    )  # fmt: skip
    return papers


def file_name(place: int, number: str, holder: str) -> str:
    """A name for the file that every system can keep, and that no other file in the bundle has."""
    words = f"{place:03} {number} {holder}"
    kept = "".join(sign if unicodedata.category(sign)[0] in "LMN" or sign in " .-_" else "-" for sign in words)
    cut = " ".join(kept.split()).encode()[:_LONGEST_NAME].decode(errors="ignore")
    return cut.rstrip(" .") + ".pdf"


def streamed(bind: sa.Engine, papers: Sequence[Paper], now: datetime) -> Iterator[bytes]:
    """The ZIP file in pieces of one paper, whatever their number; between two of them it holds no connection."""
    out = _Passing()
    moment = now.astimezone(WITA).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:

        def add(name: str, content: bytes) -> bytes:
            bundle.writestr(zipfile.ZipInfo(name, moment), content)
            return out.taken()

        yield add(INDEX, _index(papers).encode())
        for paper in papers:
            with Session(bind) as session:
                pdf = session.scalar(sa.select(Edition.pdf).where(Edition.id == paper.edition))
            if pdf is not None:  # else it was removed since
                yield add(paper.name, pdf)
    yield out.taken()


def _index(papers: Sequence[Paper]) -> str:
    rows = (
        (paper.name, safe(paper.number), grouped(paper.code), safe(paper.holder), safe(paper.course),
         paper.issued_at.astimezone(WITA).date().isoformat(), paper.digest)
        for paper in papers
    )  # fmt: skip
    return written(HEADER, rows, excel=True)


class _Passing(io.RawIOBase):
    """A file that forgets what was taken out of it, yet whose positions go on.

    A ZIP writer goes back to the head of its last file, to write its size there: not every reader finds it elsewhere.
    """

    def __init__(self) -> None:
        self.gone = 0
        self.held = io.BytesIO()

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.gone + self.held.tell()

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        self.held.seek(place - self.gone if whence == io.SEEK_SET else place, whence)
        return self.tell()

    def write(self, content: bytes) -> int:  # type: ignore[override]  # whatever holds bytes, here always bytes
        return self.held.write(content)

    def taken(self) -> bytes:
        """What was written since the last time."""
        content = self.held.getvalue()
        self.gone += len(content)
        self.held = io.BytesIO()
        return content
