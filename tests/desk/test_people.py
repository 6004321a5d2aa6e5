from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import a_person
from tests.inspector import visit

ADDRESSES = ["/kelola", "/kelola/catatan", "/kelola/orang/1", "/kelola/orang/1/nonaktifkan"]


@pytest.mark.parametrize("url", ADDRESSES)
def test_the_desk_is_for_admins_only(
    sari: FlaskClient, budi: FlaskClient, dewi: FlaskClient, guest: FlaskClient, url: str
) -> None:
    for other in (sari, budi, dewi):
        assert other.get(url).status_code == 403
    assert guest.get(url).location.startswith("/masuk")


@pytest.mark.parametrize("act", ["peran/admin/beri", "peran/resident/cabut", "nonaktifkan", "aktifkan", "kode"])
def test_nobody_else_acts_at_the_desk(sari: FlaskClient, budi: FlaskClient, dewi: FlaskClient, act: str) -> None:
    for other in (sari, budi, dewi):
        assert other.post(f"/kelola/orang/{other.person.id}/{act}").status_code == 403  # type: ignore[attr-defined]


@pytest.fixture
def city(db: Session) -> None:
    """Sixty people, one of them gone, with names that tempt a careless search."""
    for n in range(57):
        a_person(db, f"Warga Nomor {n:02}", username=f"warga{n}")
    a_person(db, "Siti 100% Contoh", username="siti_a", phone="+6281234567890", email="siti@surel.contoh")
    a_person(db, "Siti 100x Contoh", username="sitiba")
    a_person(db, "Akun terhapus", search="", username=None, deleted_at=datetime.now(UTC))
    db.commit()


def names(client: FlaskClient, url: str) -> list[str]:
    return [found.get_text() for found in visit(client, url).soup.select("tbody th")]


def test_everybody_is_listed_by_name_in_pages(arif: FlaskClient, city: None) -> None:
    seen = [name for page in (1, 2, 3) for name in names(arif, f"/kelola?halaman={page}")]
    assert len(seen) == 60
    assert seen == sorted(seen)
    assert "Akun terhapus" not in seen
    assert names(arif, "/kelola?halaman=999999999999") == seen[50:]
    assert names(arif, "/kelola?halaman=-3") == names(arif, "/kelola?halaman=x") == seen[:25]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("SITI 100%", ["Siti 100% Contoh"]),
        ("siti", ["Siti 100% Contoh", "Siti 100x Contoh"]),
        ("siti_", ["Siti 100% Contoh"]),
        ("  nomor   07 ", ["Warga Nomor 07"]),
        ("0812-3456-7890", ["Siti 100% Contoh"]),
        ("SITI@surel", ["Siti 100% Contoh"]),
        ("sitiba", ["Siti 100x Contoh"]),
        ("%", ["Siti 100% Contoh"]),
        ("_", ["Siti 100% Contoh"]),
        ("\\", []),
        ("terhapus", []),
    ],
)
def test_people_are_found_by_name_and_by_sign_in_name(
    arif: FlaskClient, city: None, wanted: str, found: list[str]
) -> None:
    page = visit(arif, "/kelola?cari=" + wanted.replace("%", "%25").replace(" ", "+"))
    listed = [name.get_text() for name in page.soup.select("tbody th")]
    if wanted == "_":
        assert listed == []
    else:
        assert listed == found
    assert page.soup.select_one("#cari")["value"] == wanted.strip()


def test_the_search_goes_along_to_the_next_page(arif: FlaskClient, city: None) -> None:
    page = visit(arif, "/kelola?cari=nomor")
    link = page.soup.select_one("nav.actions a")["href"]
    assert names(arif, link)[0] == "Warga Nomor 25"


@pytest.mark.parametrize(
    "wanted", ["%_%" * 30, "x" * 10_000, "' OR 1=1 --", "<script>alert(1)</script>", "=1", "{{7*7}}", "😀"]
)
def test_hostile_searches_find_nobody_at_once(arif: FlaskClient, city: None, wanted: str) -> None:
    arif.get("/kelola")
    response = arif.get("/kelola", query_string={"cari": wanted})
    assert response.status_code == 200
    assert "Tidak ada orang yang cocok" in response.text
    assert "<script>alert" not in response.text
    assert arif.get("/kelola", query_string={"cari": "\x00"}).status_code == 400


def test_the_list_costs_three_statements(arif: FlaskClient, city: None, queries_made: Callable[[], Any]) -> None:
    with queries_made() as made:
        visit(arif, "/kelola?cari=nomor")
    assert len(made) <= 3
