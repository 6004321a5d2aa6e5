"""Certificates for many at once: each exactly once, whatever happens meanwhile."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import subprocess
import tracemalloc
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.certificate import actions, batches, bundle, child, choosing
from app.certificate.choosing import Wish
from app.certificate.models import Batch, BatchItem, Certificate, Edition
from app.certificate.rules import ATTENDED, PASSED
from app.enrollment.models import Enrollment
from app.errors import Refused
from tests.builders import NOON, a_person
from tests.builders_rows import a_version
from tests.certificate.cast import SLUG, at_once, claim, events, finish, rows, writing
from tests.certificate.register import a_certificate

UNFINISHED = ("tes-akhir", "kuis:pesan")


def a_class(db: Session, *names: str, **more: Any) -> dict[str, int]:
    """The enrollments of people who have finished the course."""
    return {name: finish(db, a_person(db, name), **more).id for name in names}


def make(app: Flask, names: dict[int, str], kind: str = PASSED, act: str | None = None) -> str:
    """A batch for these people; returns its UUID."""
    with writing(app) as session:
        return batches.make(session, act or str(uuid4()), SLUG, kind, "Kelas Loktuan", names, None, NOON).uuid


def work(app: Flask, limit: int = 50) -> int:
    """Some of the work that waits."""
    with app.app_context():
        return batches.do_due(app.extensions["db"], app.config, NOON, limit)


def far(db: Session, uuid: str) -> batches.Progress:
    batch = batches.of(db, uuid)
    assert batch is not None
    found = batches.progress(db, [batch.id])[batch.id]
    db.rollback()
    return found


def test_a_class_gets_its_certificates_once_though_the_process_dies_in_the_middle(
    app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = a_class(db, "Ani Contoh", "Budi Contoh", "Citra Contoh")
    here |= a_class(db, "Dodi Contoh", without=("tes-akhir",))
    names = {one: name.upper() for name, one in here.items()}
    act = str(uuid4())
    assert make(app, names, act=act) == make(app, names, act=act) == act
    assert len(events(db, "batch.made")) == 1
    assert work(app, limit=1) == 1
    # Citra claims by herself before her turn comes, and the name that she confirmed stays.
    own = claim(app, here["Citra Contoh"], "Citra Kirana Contoh")
    issue, turns = actions.issue, []

    def killed(session: Session, *told: Any, **more: Any) -> Certificate:
        made = issue(session, *told, **more)
        turns.append(made.holder)
        if len(turns) == 1:
            raise KeyboardInterrupt
        return made

    monkeypatch.setattr(actions, "issue", killed)
    with pytest.raises(KeyboardInterrupt):
        work(app)
    assert len(rows(db)) == 2
    assert (work(app), work(app)) == (3, 0)
    assert {row.holder for row in rows(db)} == {"ANI CONTOH", "BUDI CONTOH", "Citra Kirana Contoh"}
    assert sorted(row.sequence for row in rows(db)) == [1, 2, 3]
    assert (far(db, act).total, far(db, act).issued, far(db, act).failed, far(db, act).waiting) == (4, 3, 1, 0)
    places = {place.holder: place for place in batches.places(db, batches.of(db, act), 25, 0)}  # type: ignore[arg-type]
    db.rollback()
    assert places["DODI CONTOH"].problem == "Belum semua langkah kursus selesai."
    assert places["Citra Kirana Contoh"].code == own.code
    # The papers of those two are left to the work that makes papers; the account keeps its own spelling.
    assert db.scalar(sa.select(sa.func.count()).where(Edition.pdf.is_(None))) == 2
    assert db.scalar(sa.select(User.id).where(User.name == "Ani Contoh")) is not None
    db.rollback()
    with writing(app) as session:
        batches.retry(session, batches.of(session, act), None, NOON)  # type: ignore[arg-type]
    assert (work(app), far(db, act).failed) == (1, 1)


def test_of_workers_and_claims_at_once_each_person_has_one_certificate(app: Flask, db: Session) -> None:
    here = a_class(db, *(f"Warga {letter}" for letter in "ABCDEF"))
    uuid = make(app, {one: name for name, one in here.items()})
    ids = list(here.values())
    claims = ids[::2]
    at_once(5, lambda turn: claim(app, claims[turn]) if turn < len(claims) else work(app))
    assert sorted(row.enrollment_id or 0 for row in rows(db)) == ids
    assert sorted(row.sequence for row in rows(db)) == [1, 2, 3, 4, 5, 6]
    assert far(db, uuid).issued == 6


def test_people_are_chosen_with_a_reason_for_everybody_who_is_not(app: Flask, db: Session) -> None:
    here = a_class(db, "Ani Contoh", "Citra Contoh")
    short = a_class(db, "Dodi Contoh", without=UNFINISHED) | a_class(
        db, "Eko Contoh", without=("materi:pesan/materi-1",)
    )
    away = finish(db, a_person(db, "Fitri Contoh", region="luar", phone="+6281234567890")).id
    a_person(db, "Gita Contoh", username="gita.contoh")
    db.commit()
    claim(app, here["Citra Contoh"])
    with app.app_context():
        found = choosing.people(db, Wish(SLUG))
        assert [one.name for one in found.ready] == ["Ani Contoh", "Fitri Contoh"]
        assert [one.name for one in found.holders] == ["Citra Contoh"]
        left = {one.name: [(line.kind, line.total - line.done) for line in one.left] for one in found.learners}
        assert left == {"Dodi Contoh": [("quizzes", 1), ("post", 1)], "Eko Contoh": [("lessons", 1)]}
        assert [one.name for one in choosing.people(db, Wish(SLUG, region="luar")).ready] == ["Fitri Contoh"]
        assert choosing.people(db, Wish(SLUG, since=date(2026, 11, 24))).ready_count == 0
        assert choosing.people(db, Wish(SLUG, since=date(2026, 11, 23), until=date(2026, 11, 23))).ready_count == 2
        took_part = choosing.people(db, Wish(SLUG, ATTENDED))
        assert [one.name for one in took_part.ready] == ["Dodi Contoh"]
        assert {one.name for one in took_part.learners if not one.left} == {
            "Ani Contoh",
            "Citra Contoh",
            "Fitri Contoh",
        }
        listed = "0812-3456-7890\n\n  tidak.ada \ngita.contoh\nbukan nama masuk\n"
        found = choosing.people(db, Wish(SLUG, names=listed))
        assert [one.enrollment_id for one in found.ready] == [away]
        assert found.not_found == [
            (3, "tidak.ada", choosing.UNKNOWN),
            (4, "gita.contoh", choosing.ELSEWHERE),
            (5, "bukan nama masuk", choosing.UNKNOWN),
        ]
        unfit = choosing.people(db, Wish(SLUG, region="64.74.01.1001", names="081234567890"))
        assert (unfit.ready_count, unfit.not_found[0][2]) == (0, choosing.UNFIT)
        with pytest.raises(Refused, match="501"):
            choosing.people(db, Wish(SLUG, names="a.b\n" * 501))
    db.rollback()
    uuid = make(app, {short["Dodi Contoh"]: "Dodi Contoh"}, ATTENDED)
    assert work(app) == 1
    assert [(row.kind, row.grade) for row in rows(db) if row.holder == "Dodi Contoh"] == [(ATTENDED, "")]
    assert far(db, uuid).moves


def test_names_that_cannot_be_printed_make_no_batch_and_say_whose_they_are(app: Flask, db: Session) -> None:
    here = a_class(db, "Ani Contoh", "Budi Contoh")
    ani, budi = here.values()
    with pytest.raises(batches.NamesRefused) as no:
        make(app, {ani: "…", budi: "Budi Contoh"})
    assert list(no.value.names) == [ani]
    with pytest.raises(Refused, match="paling sedikit satu"):
        make(app, {budi + 1000: "Siapa Saja"})
    assert db.scalar(sa.select(sa.func.count()).select_from(Batch)) == 0
    db.rollback()
    # The name on an earlier certificate stands, whatever a form says.
    claim(app, ani, "Ani Kirana Contoh")
    make(app, {ani: ""}, ATTENDED)
    assert db.scalars(sa.select(BatchItem.holder)).all() == ["Ani Kirana Contoh"]


def a_batch_of(db: Session, people: int, weight: int) -> Batch:
    """A batch in which everybody has a paper of so many bytes."""
    batch = Batch(uuid=str(uuid4()), title="Kelas", kind=PASSED, course=SLUG, made_at=NOON)
    db.add(batch)
    version = a_version(db)
    for number in range(people):
        name = "=1+1/Sari: \u202e“Contoh” " + "Ж" * 120 if number == 1 else "Sari Contoh"
        enrollment = Enrollment(
            user_id=a_person(db).id, version_id=version.id, form="A", started_at=NOON, touched_at=NOON
        )
        db.add(enrollment)
        row = a_certificate(db, name, pdf=b"%PDF" + bytes(weight))
        db.flush()
        db.add(BatchItem(batch_id=batch.id, enrollment_id=enrollment.id, holder=name, certificate_id=row.id))
    db.commit()
    return batch


def test_two_hundred_papers_come_in_one_file_and_never_all_in_memory(app: Flask, db: Session) -> None:
    batch = a_batch_of(db, 202, 20_000)
    revoked, pending = db.scalars(sa.select(Certificate).order_by(Certificate.id.desc()).limit(2)).all()
    revoked.revoked_at, revoked.revoked_because = NOON, "Salah orang"
    db.execute(
        sa.update(Edition).where(Edition.certificate_id == pending.id).values(pdf=None, digest=None, finished_at=None)
    )
    db.commit()
    with writing(app) as session:
        papers = bundle.packed(session, batch, "Dicetak untuk kelas.", None, NOON)
    whole, largest, pieces = io.BytesIO(), 0, 0
    stream = bundle.streamed(app.extensions["db"], papers, NOON)
    whole.write(next(stream) + next(stream))
    tracemalloc.start()
    for piece in stream:
        whole.write(piece[:0])
        pieces, largest = pieces + 1, max(largest, len(piece))
        if pieces == 20:
            tracemalloc.reset_peak()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert pieces == 200
    assert largest < 25_000
    assert peak < 400_000, "one paper at a time"
    again = zipfile.ZipFile(io.BytesIO(b"".join(bundle.streamed(app.extensions["db"], papers, NOON))))
    assert again.testzip() is None
    digests = {row.digest for row in db.scalars(sa.select(Edition)) if row.digest}
    files = {info.filename: info for info in again.infolist()}
    assert len(files) == len({name.casefold() for name in files}) == 201
    found = {name: hashlib.sha256(again.read(name)).hexdigest() for name in files if name != bundle.INDEX}
    assert len(found) == 200
    assert set(found.values()) <= digests
    assert all(len(name.encode()) < 255 and not set(name) & set('/\\:*?"<>|\u202e') for name in files)
    assert all(not info.flag_bits & 8 and info.compress_type == zipfile.ZIP_STORED for info in files.values())
    index = list(csv.DictReader(io.StringIO(again.read(bundle.INDEX).decode("utf-8-sig")), delimiter=";"))
    assert {row["berkas"]: row["sha256"] for row in index} == found
    assert index[1]["nama"].startswith("'=1+1")
    assert events(db, "batch.downloaded")[0].data["count"] == 200


@pytest.mark.sqlite
def test_the_server_does_for_a_class_what_the_desk_does(
    app: Flask, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> Result:
        with app.app_context():
            return app.test_cli_runner().invoke(args=["certificate", *words])

    here = a_class(db, "Ani Contoh", "Budi Contoh")
    assert run("bulk", "tidak-ada").exit_code == 1
    told = run("bulk", SLUG)
    assert "2 berhak, 0 sudah punya, 0 belum berhak.\nBelum ada yang terbit." in told.output
    assert not rows(db)
    list_ = tmp_path / "hadir.txt"
    list_.write_text("tidak.ada\n")
    assert "baris 1, tidak.ada: Tidak ada akun" in run("bulk", SLUG, "--names", str(list_)).output
    list_.write_text(" " * choosing.LONGEST_LIST + "\nwarga.dua")
    assert "paling panjang 40000 huruf" in run("bulk", SLUG, "--names", str(list_)).output
    monkeypatch.setattr(choosing, "MOST", 1)
    assert "2 berhak, 0 sudah punya, 0 belum berhak.\n1 orang pertama" in run("bulk", SLUG).output
    monkeypatch.setattr(choosing, "MOST", 500)
    told = run("bulk", SLUG, "--title", "Kelas Loktuan", "--confirmed")
    assert "2 dari 2 terbit, 0 gagal." in told.output
    uuid = told.output.split("Kelompok: ")[1].strip()
    target = tmp_path / "kelas.zip"
    target.touch(0o644)
    assert "Belum ada PDF" in run("bundle", uuid, str(target), "--because", "Arsip.").output
    # Whoever waits in a batch is enough for the child to be started; it issues and prints.
    monkeypatch.setattr(os, "setpriority", lambda *_: None)
    make(app, {finish(db, a_person(db, "Citra Contoh")).id: "Citra Contoh"})
    db.execute(sa.update(Edition).values(next_try_at=NOON + timedelta(days=9000)))
    db.commit()
    started: list[Any] = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: Started(started, command))
    child.Child().look(app.extensions["db"], app.config)
    assert len(started) == 1
    db.execute(sa.update(Edition).values(next_try_at=None))
    db.commit()
    assert "3 PDF dikerjakan." in run("work").output
    child.Child().look(app.extensions["db"], app.config)
    assert len(started) == 1, "nothing is due any more"
    assert "2 PDF tersimpan" in run("bundle", uuid, str(target), "--because", "Arsip.").output
    assert target.stat().st_mode & 0o777 == 0o600
    assert len(zipfile.ZipFile(target).namelist()) == len(here) + 1


class Started:
    """A process that is only noted."""

    pid = 0

    def __init__(self, noted: list[Any], command: Any) -> None:
        noted.append(command)
