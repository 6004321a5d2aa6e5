from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.models import Recovery, User
from app.db import apart
from app.errors import Refused
from app.journal import Event
from app.quiz import allowances
from app.quiz import queries as quizzes
from tests.builders import NOON, PASSWORD
from tests.enrollment.cast import at_once
from tests.inspector import inspect, send, visit


def page_of(client: FlaskClient) -> str:
    return f"/kelola/orang/{client.person.id}"  # type: ignore[attr-defined]


def roles(db: Session, client: FlaskClient) -> str:
    with Session(db.get_bind().execution_options(writes=False)) as looking:  # type: ignore[union-attr]
        words = looking.scalar(sa.select(User.roles).where(User.id == client.person.id))  # type: ignore[attr-defined]
    return words or ""


def told(db: Session) -> list[tuple[str, int | None, int | None]]:
    with Session(db.get_bind().execution_options(writes=False)) as looking:  # type: ignore[union-attr]
        events = looking.scalars(sa.select(Event).where(Event.audit).order_by(Event.id)).all()
    return [(event.kind, event.actor_id, event.person_id) for event in events]


def test_arif_sees_who_sari_is_and_nothing_she_chose_to_tell(arif: FlaskClient, sari: FlaskClient, db: Session) -> None:
    db.execute(sa.update(User).values(gender="female", education=5, occupation=4))
    db.commit()
    page = visit(arif, page_of(sari))
    for words in ("Sari Contoh", "Bontang Kuala", "1990", "1 perangkat masuk"):
        assert words in page.text
    for words in ("Perempuan", "SMA", "Nelayan", "argon2"):
        assert words not in page.text


def test_a_role_is_given_and_taken_and_both_are_told(arif: FlaskClient, sari: FlaskClient, db: Session) -> None:
    for _ in range(2):
        send(arif, f"{page_of(sari)}/peran/trainer/beri", 302)
    assert roles(db, sari) == "resident trainer"
    assert sari.get("/menulis").status_code != 403
    for _ in range(2):
        send(arif, f"{page_of(sari)}/peran/trainer/cabut", 302)
    assert roles(db, sari) == "resident"
    me, her = arif.person.id, sari.person.id  # type: ignore[attr-defined]
    assert told(db) == [("role.granted", me, her), ("role.taken", me, her)]


def test_the_last_admin_keeps_the_desk(arif: FlaskClient, enter: Callable[..., FlaskClient], db: Session) -> None:
    send(arif, f"{page_of(arif)}/peran/resident/beri", 302)
    response = send(arif, f"{page_of(arif)}/peran/admin/cabut", 409)
    assert "satu-satunya admin" in inspect(response, "x").text
    assert "admin" in roles(db, arif)
    enter("Ayu Contoh", "admin")
    assert send(arif, f"{page_of(arif)}/peran/admin/cabut", 302).location == "/akun"
    assert arif.get("/kelola").status_code == 403


def test_the_last_role_of_an_account_stays(arif: FlaskClient, sari: FlaskClient, db: Session) -> None:
    response = send(arif, f"{page_of(sari)}/peran/resident/cabut", 409)
    assert "paling sedikit 1 peran" in response.text
    assert roles(db, sari) == "resident"


def test_roles_that_do_not_exist_are_not_given(arif: FlaskClient, sari: FlaskClient) -> None:
    assert arif.post(f"{page_of(sari)}/peran/raja/beri").status_code == 404
    assert arif.post(f"{page_of(sari)}/peran/trainer%20admin/beri").status_code == 404


def test_an_account_is_closed_after_asking_once_more(
    arif: FlaskClient, sari: FlaskClient, guest: FlaskClient, db: Session
) -> None:
    visit(arif, f"{page_of(sari)}/nonaktifkan")
    assert sari.get("/akun").status_code == 200
    for _ in range(2):
        send(arif, f"{page_of(sari)}/nonaktifkan", 302)
    assert sari.get("/akun").status_code == 302
    send(guest, "/masuk", 422, masuk=sari.person.username, sandi=PASSWORD)  # type: ignore[attr-defined]
    assert "Nonaktif sejak" in visit(arif, page_of(sari)).text

    for _ in range(2):
        send(arif, f"{page_of(sari)}/aktifkan", 302)
    assert sari.get("/akun").status_code == 302, "an ended session does not come back to life"
    send(guest, "/masuk", 302, masuk=sari.person.username, sandi=PASSWORD)  # type: ignore[attr-defined]
    me, her = arif.person.id, sari.person.id  # type: ignore[attr-defined]
    assert told(db) == [("account.disabled", me, her), ("account.enabled", me, her)]


def test_nobody_closes_their_own_account(arif: FlaskClient, enter: Callable[..., FlaskClient]) -> None:
    enter("Ayu Contoh", "admin")
    send(arif, f"{page_of(arif)}/nonaktifkan", 409)
    assert arif.get("/kelola").status_code == 200
    assert "Akun sendiri tidak dapat dinonaktifkan" in visit(arif, page_of(arif)).text


def test_a_recovery_code_is_shown_once_and_told(arif: FlaskClient, sari: FlaskClient, db: Session) -> None:
    page = inspect(send(arif, f"{page_of(sari)}/kode", 200), "kode")
    code = page.soup.select_one(".code").get_text()
    assert re.search(r"\w{5}-\w{5}", code)
    assert "Berlaku sampai" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert arif.get(f"{page_of(sari)}/kode").status_code == 405
    assert code not in visit(arif, page_of(sari)).html
    assert code not in visit(arif, "/kelola/catatan").html
    row = db.scalars(sa.select(Recovery)).one()
    assert (row.made_by, row.channel) == (arif.person.id, "desk")  # type: ignore[attr-defined]
    assert told(db) == [("recovery.made", arif.person.id, sari.person.id)]  # type: ignore[attr-defined]


def extra(db: Session, client: FlaskClient) -> int:
    with Session(db.get_bind().execution_options(writes=False)) as looking:  # type: ignore[union-attr]
        return quizzes.extra_percent(looking, client.person.id)  # type: ignore[attr-defined]


def test_extra_time_is_granted_changed_and_taken_and_each_is_told_without_a_reason(
    arif: FlaskClient, sari: FlaskClient, db: Session
) -> None:
    assert "Alasannya tidak dicatat." in visit(arif, page_of(sari)).text
    for typed in ("50", " 50 % ", "25"):
        send(arif, f"{page_of(sari)}/waktu/beri", 302, persen=typed)
    page = visit(arif, page_of(sari))
    assert "Waktu tambahan 25% berlaku mulai percobaan berikutnya." in page.text
    assert "25% lebih lama" in page.text and extra(db, sari) == 25
    for _ in range(2):
        send(arif, f"{page_of(sari)}/waktu/cabut", 302)
    assert extra(db, sari) == 0
    assert "Cabut waktu tambahan" not in visit(arif, page_of(sari)).text
    me, her = arif.person.id, sari.person.id  # type: ignore[attr-defined]
    assert told(db) == [("time.granted", me, her), ("time.granted", me, her), ("time.taken", me, her)]
    with Session(db.get_bind().execution_options(writes=False)) as looking:  # type: ignore[union-attr]
        data = looking.scalars(sa.select(Event.data).where(Event.audit).order_by(Event.id)).all()
    assert data == [{"percent": 50}, {"percent": 25}, {}]
    assert "memberi Sari Contoh waktu tambahan 50%." in visit(arif, "/kelola/catatan").text


@pytest.mark.parametrize("typed", ["", "0", "301", "-5", "1.5", "1,5", "lima", "٥", "9" * 400, "\x00", "<b>", "50%%"])
def test_what_is_no_percent_is_asked_for_again(arif: FlaskClient, sari: FlaskClient, db: Session, typed: str) -> None:
    answer = inspect(send(arif, f"{page_of(sari)}/waktu/beri", 422, persen=typed), page_of(sari))
    assert "Tulis angka bulat dari 1 sampai 300." in answer.text
    assert extra(db, sari) == 0 and told(db) == []


def test_who_is_no_admin_any_more_grants_nothing(arif: FlaskClient, sari: FlaskClient, app: Flask, db: Session) -> None:
    with app.app_context(), pytest.raises(Refused, match="bukan admin lagi"):
        allowances.grant(db, sari.person.id, 50, sari.person.id, NOON)  # type: ignore[attr-defined]
    db.rollback()
    for end in ("beri", "cabut"):
        send(sari, f"{page_of(sari)}/waktu/{end}", 403, persen="50")
    assert extra(db, sari) == 0


def test_twenty_presses_at_once_grant_once(app: Flask, arif: FlaskClient, sari: FlaskClient, db: Session) -> None:
    def press(_: int) -> None:
        with apart(app.extensions["db"]) as session:
            allowances.grant(session, sari.person.id, 50, arif.person.id, NOON)  # type: ignore[attr-defined]

    at_once(20, press)
    assert extra(db, sari) == 50
    assert len(told(db)) == 1


@pytest.mark.parametrize(
    "act",
    [
        "",
        "/peran/trainer/beri",
        "/peran/trainer/cabut",
        "/nonaktifkan",
        "/aktifkan",
        "/kode",
        "/waktu/beri",
        "/waktu/cabut",
    ],
)
def test_deleted_and_missing_people_answer_alike(arif: FlaskClient, sari: FlaskClient, db: Session, act: str) -> None:
    db.execute(sa.update(User).where(User.id == sari.person.id).values(deleted_at=NOON))  # type: ignore[attr-defined]
    db.commit()
    ask = arif.post if act else arif.get
    deleted, missing = ask(page_of(sari) + act), ask(f"/kelola/orang/2147483647{act}")
    assert deleted.status_code == missing.status_code == 404
    assert deleted.text.replace(page_of(sari), "") == missing.text.replace("/kelola/orang/2147483647", "")
    assert ask(f"/kelola/orang/{10**30}{act}").status_code == 404
    assert told(db) == []


def test_the_page_costs_few_statements(arif: FlaskClient, sari: FlaskClient, queries_made: Callable[[], Any]) -> None:
    with queries_made() as made:
        visit(arif, page_of(sari))
    assert len(made) <= 4
