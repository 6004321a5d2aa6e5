"""All that reaches a device in 50 attempts is recorded, and nothing in it tells a right answer from a wrong one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from app.course import replies
from app.course.item import Item
from app.quiz import actions, rules
from tests.enrollment.cast import LEARN, finish, learn, lessons, parsed, publish
from tests.inspector import visit
from tests.quiz.secrets_course import SECRET, TAKE, a_course_of_secrets, right_and_wrong, secrets
from tests.quiz.sitting import submit

ATTEMPTS = 50
SEED = 20261125
FILES = a_course_of_secrets(SEED)
COURSE = parsed(FILES)
ITEMS = {item.id: item for item in COURSE.modules[0].items}
# The smallest chi-square of which chance is not to be believed, by degrees of freedom: p = 0.001 for each of some ten
# series, about 0.01 for all of them together.
CRITICAL = {1: 10.83, 2: 13.82, 3: 16.27}
_HEADERS = {
    "Cache-Control", "Content-Encoding", "Content-Length", "Content-Security-Policy", "Content-Type",
    "Content-Disposition", "Set-Cookie",
    "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Location", "Permissions-Policy", "Referrer-Policy",
    "Vary", "X-Content-Type-Options", "X-Frame-Options",
}  # fmt: skip
# What the words of a page may never say about an option, in any attribute, class or comment of the question.
_TELLING = re.compile(
    r"benar|salah|kunci|pengecoh|correct|right|wrong|score|nilai|bobot|worth|bloom|feedback", re.IGNORECASE
)
_ECHO = re.compile(r' checked| selected|(?<=value=)"[^"]*"(?= aria| maxlength)|data-revision="\d+"|class="state[^<]*<')
_CHANGING = re.compile(
    r'name="(tindakan|csrf_token)" value="[^"]*"|\d+ terjawab|(?<=</progress>)|<progress[^>]*>|<nav.*?</nav>', re.S
)


class Recorder:
    """Sari's phone, which keeps all that it is sent."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.sent: set[str] = set()
        self.received: list[str] = []
        self.headers: dict[str, set[Any]] = defaultdict(set)

    def ask(self, method: str, address: str, kind: str, **more: Any) -> Any:
        answer = getattr(self.client, method)(address, **more)
        self.received.append(f"{answer.headers}\n{answer.text}")
        self.headers[kind].add(tuple(answer.headers.keys()))
        assert "ETag" not in answer.headers and "Last-Modified" not in answer.headers
        assert "Set-Cookie" not in answer.headers or kind not in ("saved", "sent"), "a cookie could carry something"
        return answer

    @property
    def told(self) -> str:
        """What it was sent, without what it had sent itself."""
        text = "\n".join(self.received)
        for one in sorted(self.sent, key=len, reverse=True):
            text = text.replace(one, "")
        return text


def chi_square(places: Counter[int], among: int) -> float:
    """How far these places are from being equally likely."""
    expected = sum(places.values()) / among
    return sum((places[place] - expected) ** 2 / expected for place in range(among))


def keys_shown(item: Item, soup: BeautifulSoup) -> Iterator[tuple[str, int, int]]:
    """Where on this page chance has put the right answer: of what, at which place, of how many."""
    if item.kind in ("single_choice", "picture_choice"):
        shown = [one["value"] for one in soup.select('[name="pilihan"]')]
        yield item.kind, shown.index(next(iter(item.keys))), len(shown)
    if item.kind == "ordering":
        shown = [one["name"] for one in soup.select(".sort select")]
        yield "first step", shown.index(f"pilihan:{item.options[0].id}"), len(shown)
        yield "last step", shown.index(f"pilihan:{item.options[-1].id}"), len(shown)
    for number, part in enumerate(item.parts):
        shown = [one["value"] for one in soup.select(f'[name="pilihan:{part.id}"], [name="pilihan:{part.id}"] option')
                 if one.get("value")]  # fmt: skip
        if part.kind == "choice" and part.id != "pernyataan":
            yield f"{item.kind} {number}", shown.index(next(iter(part.keys))), len(shown)


def bare(html: str) -> str:
    """The page of a question without the answer that it shows, and without what changes by itself."""
    html = _ECHO.sub("", _CHANGING.sub("", html))
    if 'class="sort' not in html:
        return html
    soup = BeautifulSoup(html, "lxml")
    for rows in soup.select(".sort"):
        # They stand as they were put.
        texts = sorted(re.sub(r"pilihan\.\d", "", str(one)) for one in rows.select("li"))
        rows.string = "".join(texts)
    return str(soup)


class Evidence:
    """What a listener could compare over many attempts."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
        self.shapes: dict[str, set[Any]] = defaultdict(set)


@pytest.mark.sqlite
def test_peer_frappe_987_no_key_reaches_the_device_before_the_attempt_is_closed(app, db, sari, monkeypatch):
    """frappe/lms #987: the door sent the right answers along; vibe #673: explanations gave them away."""
    monkeypatch.setattr(actions.secrets, "randbits", Random(SEED).getrandbits)
    chance, phone, evidence = Random(SEED), Recorder(sari), Evidence()
    publish(db, files=FILES)
    finish(app, db, learn(app, db, sari), *lessons("pesan"))
    for _ in range(ATTEMPTS):
        with monkeypatch.context() as closed:
            # Nothing is judged either: no reply can take longer because it is right.
            for module in (rules, replies):
                closed.setattr(module, "points", lambda *_: pytest.fail("an answer is judged before its time"))
            uuid, asked = _attempt(phone, chance, evidence)
        _nothing_is_told(phone.told, asked)
        phone.received.clear()
        submit(app, db, sari, uuid)
    # Afterwards it is told, so what was looked for was there.
    after = visit(sari, f"/percobaan/{uuid}/hasil").text
    assert all(option.feedback in after for item in asked if item.chosen_from for option in item.options)
    assert evidence.shapes["right"] == evidence.shapes["wrong"], "a reply depends on whether the answer is right"
    assert {name for kind in phone.headers.values() for names in kind for name in names} <= _HEADERS
    assert len(phone.headers["saved"]) == len(phone.headers["sent"]) == 1
    assert len(evidence.places) >= 8
    for (what, among), found in evidence.places.items():
        assert sum(found.values()) >= 5 * among, what
        assert chi_square(found, among) < CRITICAL[among - 1], (what, found)


def _attempt(phone: Recorder, chance: Random, evidence: Evidence) -> tuple[str, list[Item]]:
    """One attempt, but for submitting it: every question is seen, answered rightly and wrongly, and seen again."""
    address = phone.ask("post", f"{LEARN}/pesan/kuis", "start", data={"percobaan": str(uuid4())}).location
    asked = []
    for number in range(1, TAKE + 1):
        page = phone.ask("get", f"{address}?soal={number}", "page")
        soup = BeautifulSoup(page.text, "lxml")
        item = ITEMS[soup.select_one("form[data-item]")["data-item"]]
        asked.append(item)
        for what, place, among in keys_shown(item, soup):
            evidence.places[what, among][place] += 1
        _no_word_tells(soup, item)
        looks = {bare(page.text)}
        right, wrong = right_and_wrong(item)
        for revision, (which, answer) in enumerate(chance.sample([("right", right), ("wrong", wrong)], 2), 1):
            phone.sent.update(token.partition("=")[2] or token for token in answer)
            evidence.shapes[which].add((item.kind, *_save(phone, address, item, answer, revision)))
            looks.add(bare(phone.ask("get", f"{address}?soal={number}", "page").text))
        assert len(looks) == 1, "a page depends on what was answered in more than that it shows it"
    for other in (f"{address}?soal=akhir", f"{address}/hasil", "/belajar", LEARN, "/akun/data", "/akun/data/unduh"):
        phone.ask("get", other, "other")
    return address.removeprefix("/percobaan/"), asked


def _save(phone: Recorder, address: str, item: Item, answer: list[str], revision: int) -> tuple[Any, ...]:
    """Saves by script and by form, and returns what a listener could compare: everything but the answer itself."""
    sent = {"soal": item.id, "pilihan": answer, "tindakan": str(uuid4()), "revisi": 10 * revision}
    saved = phone.ask("post", f"{address}/jawaban", "saved", json=sent, headers={"Accept": "application/json"})
    assert sorted(saved.json.pop("pilihan")) == sorted(answer) and saved.json["revisi"] == 10 * revision
    assert saved.json.keys() == {"status", "revisi", "pilihan"}
    fields: dict[str, Any] = {"soal": item.id, "tindakan": str(uuid4()), "lanjut": "1", "pilihan": []}
    for token in answer:
        name, mark, value = token.partition("=")
        fields |= {f"pilihan:{name}": value} if mark else {"pilihan": [*fields["pilihan"], token]}
    form = phone.ask("post", f"{address}/jawaban", "sent", data=fields)
    headers = [(name, value) for name, value in saved.headers if name != "Date"]
    return (
        saved.status_code,
        len(saved.data),
        str(headers),
        form.status_code,
        form.location.replace(address, ""),
        len(form.data),
    )


def _no_word_tells(soup: BeautifulSoup, item: Item) -> None:
    """No attribute, class or comment of the fieldset says anything; all options look the same."""
    question = soup.select_one("fieldset")
    tags = " ".join(f"{name}={value}" for tag in question.find_all(True) for name, value in tag.attrs.items())
    allowed = {"value=benar", "value=salah", "name=pilihan:pernyataan"}
    for one in allowed if item.kind == "true_false" else ():
        tags = tags.replace(one, "")
    assert not _TELLING.search(tags), _TELLING.search(tags)
    assert "<!--" not in str(question)
    for group in (".option", ".sort > li", ".pair", "select option", ".spot"):
        looks = {
            (tag.name, tuple(sorted(tag.attrs)), tuple(sorted(set(tag.get("class", ())) - {f"s{n}" for n in range(9)})))
            for one in question.select(group)
            for tag in (one, *one.find_all(["input", "select", "span", "img"]))
        }
        kinds = Counter(name for name, *_ in looks)
        assert all(count == 1 for count in kinds.values()) or group == "select option", (group, looks)


def _nothing_is_told(told: str, asked: list[Item]) -> None:
    assert SECRET not in told, told[max(0, told.index(SECRET) - 200) :][:400]
    for item in asked:
        for secret in secrets(item):
            assert secret not in told, (item.id, secret)


def test_ids_made_from_words_say_nothing_about_the_key():
    """The rank of the right id among the ids of its question, over all questions: equally likely at every place."""
    ranks: dict[int, Counter[int]] = defaultdict(Counter)
    for item in ITEMS.values():
        for options in [item.options, *(part.options for part in item.parts if part.kind == "choice")]:
            keys = [option.id for option in options if option.correct]
            if len(keys) == 1 and len(options) > 2:
                ranks[len(options)][sorted(option.id for option in options).index(keys[0])] += 1
    for among, found in ranks.items():
        assert sum(found.values()) >= 5 * among
        assert chi_square(found, among) < CRITICAL[among - 1], (among, found)
    assert {len(option.id) for item in ITEMS.values() for option in item.options} == {8}


def test_the_statistic_finds_what_it_looks_for():
    """As they are written, the right one stands first: that would be found at once."""
    written = Counter(
        [option.correct for option in item.options].index(True)
        for item in ITEMS.values()
        if item.kind == "single_choice"
    )
    assert chi_square(written, 4) > CRITICAL[3]
    assert chi_square(Counter({0: 30, 1: 5, 2: 5, 3: 10}), 4) > CRITICAL[3]


def test_the_address_of_a_picture_is_not_the_name_its_trainer_gave_it(app, db, sari):
    publish(db, files=FILES)
    item = next(one for one in ITEMS.values() if one.kind == "picture_choice")
    assert all("kunci" in option.picture.file for option in item.options if option.correct)
    assert {len(option.picture.digest) for option in item.options} == {len(item.options[0].picture.digest)}
