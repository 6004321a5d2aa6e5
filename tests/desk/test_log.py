from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import journal
from app.accounts.models import User
from app.desk import sentences
from tests.builders import NOON
from tests.inspector import visit


def lines(client: FlaskClient, url: str = "/kelola/catatan") -> list[str]:
    return [" ".join(line.get_text(" ").split()) for line in visit(client, url).soup.select("ol.lines li")]


def test_every_kind_of_act_is_a_sentence(arif: FlaskClient, sari: FlaskClient, db: Session) -> None:
    assert "Belum ada tindakan" in visit(arif, "/kelola/catatan").text
    me, her = arif.person.id, sari.person.id  # type: ignore[attr-defined]
    for kind in sentences.KINDS:
        journal.audit(db, kind, NOON, actor=me, person=her, role="trainer", course="kata-sandi", version=2)
    journal.audit(db, "something.new", NOON, actor=None)
    journal.record(db, "enrolled", NOON, person=her)
    db.commit()
    told = lines(arif)
    assert len(told) == len(sentences.KINDS) + 1
    assert told[0].startswith("Perintah di server melakukan “something.new”.")
    assert all(line.startswith("Arif Contoh ") for line in told[1:])
    assert any("memberi peran pelatih kepada Sari Contoh." in line for line in told)
    assert any("menerbitkan kursus kata-sandi versi 2." in line for line in told)
    assert all("23 November 2026 pukul 12.00 WITA" in line for line in told)


def test_the_log_is_read_page_by_page_and_by_kind(arif: FlaskClient, db: Session) -> None:
    for n in range(60):
        kind = "role.granted" if n % 2 else "account.disabled"
        journal.audit(db, kind, NOON + timedelta(minutes=n), actor=arif.person.id, role="trainer")  # type: ignore[attr-defined]
    db.commit()
    url, seen = "/kelola/catatan", []
    while url:
        page = visit(arif, url)
        seen += [found["datetime"] for found in page.soup.select("time")]
        older = page.soup.select_one("nav.actions a:-soup-contains('Yang lebih lama')")
        url = older["href"] if older else ""
    assert len(set(seen)) == 60
    assert seen == sorted(seen, reverse=True)

    given = lines(arif, "/kelola/catatan?jenis=role.granted")
    assert len(given) == 25
    assert all("memberi peran" in line for line in given)
    link = visit(arif, "/kelola/catatan?jenis=role.granted").soup.select_one("nav.actions a[href*=sebelum]")["href"]
    assert len(lines(arif, link)) == 5


def test_names_that_are_gone_or_hostile_stay_readable(arif: FlaskClient, sari: FlaskClient, db: Session) -> None:
    me, her = arif.person.id, sari.person.id  # type: ignore[attr-defined]
    db.execute(sa.update(User).where(User.id == me).values(name="<b>Arif</b> %(person)s %s {{7*7}}"))
    journal.audit(db, "role.taken", NOON, actor=me, person=her, role="mantan")
    journal.audit(db, "role.taken", NOON, actor=me, person=None, role="admin")
    db.commit()
    response = arif.get("/kelola/catatan")
    assert response.status_code == 200
    assert "&lt;b&gt;Arif&lt;/b&gt; %(person)s %s {{7*7}}" in response.text
    assert "mantan" in response.text
    assert "akun yang sudah tidak ada" in response.text


def test_a_deleted_person_is_named_without_a_link(arif: FlaskClient, sari: FlaskClient, db: Session) -> None:
    journal.audit(db, "account.disabled", NOON, actor=arif.person.id, person=sari.person.id)  # type: ignore[attr-defined]
    db.execute(
        sa.update(User).where(User.id == sari.person.id).values(name="Akun terhapus", deleted_at=NOON)  # type: ignore[attr-defined]
    )
    db.commit()
    page = visit(arif, "/kelola/catatan")
    assert "Akun terhapus" in page.text
    assert page.soup.select_one("ol.lines a") is None


@pytest.mark.parametrize("value", ["x", "-1", "9" * 18, "9" * 19, "9" * 5_000, "<script>", "' --", "%"])
def test_odd_addresses_show_the_log_all_the_same(arif: FlaskClient, value: str) -> None:
    assert arif.get("/kelola/catatan", query_string={"sebelum": value, "jenis": value}).status_code == 200


def test_the_log_costs_two_statements(arif: FlaskClient, db: Session, queries_made: Callable[[], Any]) -> None:
    for _ in range(30):
        journal.audit(db, "account.enabled", NOON, actor=arif.person.id)  # type: ignore[attr-defined]
    db.commit()
    with queries_made() as made:
        visit(arif, "/kelola/catatan")
    assert len(made) <= 2
