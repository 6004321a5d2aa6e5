"""One certificate, one number, one code, however many ask at once, on two processes."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.builders import a_person, signed_in
from tests.certificate.cast import CLAIM, at_once, events, finish, rows
from tests.serving import Served

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def server(app, database, tmp_path) -> Iterator[Served]:
    started = Served(tmp_path, DATABASE_URL=database, WORKERS="2", RATE_LIMITS="memory://").start()
    yield started
    started.stop()


class Browser:
    """A person at the real server."""

    def __init__(self, server: Served, app, db, person) -> None:
        cookie = signed_in(app, db, person).get_cookie("cakap")
        self.port, self.cookie = server.port, f"cakap={cookie.value}"
        status, page = self.ask("GET", CLAIM)
        found = _TOKEN.search(page)
        assert status == 200 and found, page[:500]
        self.token = found[1]

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        head = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        line.request(method, path, urlencode(fields) or None, head)
        reply = line.getresponse()
        if set_cookie := reply.getheader("Set-Cookie"):
            self.cookie = set_cookie.split(";")[0]
        return reply.status, reply.read().decode()

    def claim(self) -> int:
        return self.ask("POST", CLAIM, csrf_token=self.token, nama="Sari Contoh", benar="y")[0]


def test_peer_frappe_2408_fifty_claims_at_once_give_one_certificate(app, db, server):
    """frappe/lms #2408: certificates were issued twice, or not at all."""
    people = [a_person(db, f"Warga {number}") for number in range(4)]
    db.commit()
    for person in people:
        finish(db, person)
    first, *others = (Browser(server, app, db, person) for person in people)
    # Three others finish meanwhile: their numbers neither repeat nor leave a gap.
    said = at_once(53, lambda number: (first if number < 50 else others[number - 50]).claim())
    assert set(said) == {302}
    found = rows(db)
    assert len({row.user_id for row in found}) == len(found) == 4
    assert sorted(row.sequence for row in found) == [1, 2, 3, 4]
    assert len({row.code for row in found}) == len({row.number for row in found}) == 4
    assert len(events(db, "certificate")) == 4
