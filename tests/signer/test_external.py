"""An official signs elsewhere: batches go out once, and only what is truly signed counts when it comes back."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from app import clock
from app.certificate import external, making, queries, wire
from app.certificate.models import Edition
from tests.builders import a_person
from tests.certificate.cast import certified, events, writing
from tests.inspector import visit
from tests.signer.service import listening, names, signed_with, waits


def test_only_what_is_truly_signed_counts_and_the_rest_goes_out_again(
    app, db, official, authority, stranger, later, caplog
):
    people = [a_person(db, f"{name} Contoh") for name in ("Ani", "Budi", "Citra", "Dodi", "Eka", "Fitri")]
    certificates = [certified(app, db, person, f"kursus-{person.id}") for person in people]
    called, good, bad = names(certificates), authority.p12(), stranger.p12()
    later()
    assert len(official.sent) == 1 and set(official.waiting[official.sent[0]]) == set(called.values())
    later()
    assert len(official.sent) == 1 and set(waits(app).values()) == {None}, "it waits for the official, and nags not"
    first = official.waiting.pop(official.sent[0])
    later()
    assert official.sent[0] == official.sent[1], "what the service lost is sent again, under the same name"
    assert official.waiting[official.sent[0]] == first
    right = partial(signed_with, good)
    official.sign(
        official.sent[0],
        {
            called["Ani"]: right,
            called["Budi"]: lambda _: right(first[called["Ani"]]),
            called["Citra"]: lambda paper: paper,
            called["Dodi"]: partial(signed_with, bad),
            called["Eka"]: lambda paper: signed_with(good, right(paper), "Lagi"),
        },
    )
    later()
    told = waits(app)
    assert set(told) == {"Budi", "Citra", "Dodi", "Eka", "Fitri"}
    for name, words in (
        ("Budi", "bukan berkas yang dikirim"), ("Citra", "belum ditandatangani"), ("Dodi", "SIGNER_CHAIN"),
        ("Eka", "2 signatures"), ("Fitri", "tidak mengembalikan"),
    ):  # fmt: skip
        assert words in (told[name] or ""), (name, told[name])
    with writing(app) as session:
        paper = queries.paper_of(session, certificates[0])
    later()
    assert len(set(official.sent)) == 2 and len(official.waiting[official.sent[-1]]) == 5
    official.done[official.sent[-1]] = [{"name": called["Budi"], "problem": "nama belum\nsesuai"}]
    official.sign(official.sent[-1], {called[name]: right for name in ("Citra", "Dodi", "Eka", "Fitri")})
    official.done[official.sent[-1]].append({"name": called["Budi"], "problem": "nama belum\nsesuai"})
    later()
    assert waits(app) == {"Budi": "Pejabat tidak menandatangani: nama belum sesuai"}
    result = app.test_cli_runner().invoke(args=["certificate", "status"])
    assert result.exit_code == 1 and "nama belum sesuai" in result.output
    # The same answer twice changes nothing.
    with writing(app) as session:
        session.execute(sa.update(Edition).where(Edition.holder == "Budi Contoh").values(batch=official.sent[0]))
    later()
    with writing(app) as session:
        assert queries.paper_of(session, certificates[0]) == paper
        assert session.scalar(sa.select(sa.func.count(Edition.digest))) == 5
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.sqlite
def test_a_service_that_is_not_well_defers_everything(app, db, official, sari, later, caplog, monkeypatch):
    certificate = certified(app, db, sari.person)
    monkeypatch.setattr(external, "_MOST_ANSWER", 1000)
    called: list[str] = []
    with listening(lambda *asked: called.append(asked[1]) or (200, b"{}")) as elsewhere:
        for instead, words in (
            ((302, f"{elsewhere}/batches".encode()), "302"), ((500, b"oops"), "500"), ((200, b"[" * 900), "200"),
            ((200, b"x" * 2000), "more than 1000 bytes"), ((401, b"{}"), "SIGNER_TOKEN_FILE"),
        ):  # fmt: skip
            official.instead = instead
            caplog.clear()
            later()
            assert words in (waits(app)["Sari"] or ""), waits(app)
            assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    assert called == [], "nobody is led to another machine"
    official.instead = None
    app.config["SIGNER_URL"] = "http://127.0.0.1:9"
    later()
    assert "tidak menjawab" in (waits(app)["Sari"] or "")
    assert "menunggu tanda tangan pejabat" in visit(sari, f"/sertifikat/{certificate.code}/unduh", status=409).text
    with listening(official) as address:
        app.config["SIGNER_URL"] = address
        later()
        assert len(official.sent) == 1 and waits(app) == {"Sari": None}


@pytest.fixture
def two(app, db, official, authority, later, monkeypatch):
    """Two batches at the service, Ani's and Budi's, both signed."""
    monkeypatch.setattr(external, "BATCH", 1)
    certificates = [certified(app, db, a_person(db, f"{name} Contoh"), name) for name in ("Ani", "Budi")]
    later()
    for batch, paper in official.waiting.items():
        official.sign(batch, dict.fromkeys(paper, partial(signed_with, authority.p12())))
    return [official.sent[0], names(certificates)["Ani"]]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((500, b"oops"), "menjawab dengan 500"),
        ((302, b"https://lain.contoh"), "menjawab dengan 302"),
        ((200, b"[]"), "tidak terbaca"),
        ((200, b"x" * 90_000), "terlalu panjang"),
        ((200, b'{"state": "rejected\\u0000\\ud800"}'), "keadaan yang tidak kita kenal: rejected\ufffd\ufffd"),
        (None, "tidak menjawab"),
    ],
    ids=["error", "redirect", "no answer to us", "long", "state", "silence"],
)
def test_a_batch_in_trouble_keeps_no_other_from_its_turn(app, official, two, later, monkeypatch, caplog, answer, words):
    monkeypatch.setattr(external, "_MOST_ANSWER", 80_000)
    monkeypatch.setattr(wire, "PATIENCE", 1.0)
    bad, good = two[0], official.done.pop(two[0])
    official.apart[bad] = answer
    for _ in range(3):
        later()
    [(name, told)] = waits(app).items()
    assert name == "Ani" and words in (told or "")
    assert len([one for one in caplog.records if one.levelno == logging.ERROR]) == 1, "once for as long as it lasts"
    assert app.test_cli_runner().invoke(args=["certificate", "status"]).exit_code == 1
    del official.apart[bad]
    official.done[bad] = good
    later()
    assert not waits(app) and official.sent.count(bad) == 1, "and it is still the same batch"


def test_what_is_said_of_a_paper_is_kept_as_a_database_can_take_it(app, official, two, later):
    batch, paper = two
    official.done[batch] = [{"name": paper, "problem": "salah\ud800\x00 " + "x" * 1000}]
    later()
    [told] = waits(app).values()
    assert told is not None and told.startswith("Pejabat tidak menandatangani: salah\ufffd\ufffd x") and len(told) < 301


def test_papers_that_cannot_be_printed_make_no_batch(app, db, official, later, monkeypatch):
    def broken(*_):
        raise KeyError("modul")

    monkeypatch.setattr(making, "unsigned", broken)
    certified(app, db, a_person(db, "Ani Contoh"))
    later()
    assert official.sent == [] and waits(app) == {"Ani": "Gagal: KeyError 'modul'"}


@pytest.mark.sqlite
def test_who_signed_is_written_down_with_what_was_accepted(app, db, official, two, later):
    later()
    told = [one.data for one in events(db, "papers.accepted")]
    assert [one["count"] for one in told] == [1, 1] and two[1] in told[0]["papers"]
    assert told[0]["signers"] == ["CN=Penerbit Contoh"]


@pytest.mark.sqlite
def test_a_round_asks_for_as_many_papers_as_it_may(app, db, official, two, later):
    official.done.clear()
    later()
    engine, now = app.extensions["db"], clock.now() + timedelta(days=9)
    assert len(external._due(engine, now, 1)) == 2
    certified(app, db, a_person(db, "Citra Contoh"), "Citra")
    external._gather(engine, now, 9)
    assert [len(external._due(engine, now, limit)) for limit in (1, 2, 3)] == [2, 2, 3]
