"""A crowd that learns: its events in the journal, and beside them the plain counts of what it did."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.people import age_band
from app.accounts.regions import CODES, KELURAHAN
from app.journal import Event
from app.stats import actions
from tests.builders import NOON
from tests.builders_rows import a_version
from tests.stats.reader import ALL, UNSTATED, Number

COURSES = {"satu": "aman", "dua": "aman", "tiga": "budaya", "empat": "etika"}
PILLARS = {
    "pilar:aman": ("kursus:satu", "kursus:dua"),
    "pilar:budaya": ("kursus:tiga",),
    "pilar:etika": ("kursus:empat",),
}
DAY = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
_DISTRICT = {place.code: place.kecamatan for place in KELURAHAN}


class Crowd:
    """So many people with names nobody else has; `counts` by (measure, table, line, detail)."""

    def __init__(self, db: Session, many: int, seed: int = 1, *, busy: bool = True) -> None:
        self.seed, self.busy, self.chance = seed, busy, random.Random(seed)
        self.counts: Counter[Number] = Counter()
        self.names: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.rows = [self._person(number) for number in range(many)]
        ids = db.scalars(sa.insert(User).returning(User.id, sort_by_parameter_order=True), self.rows)
        for person, row in zip(ids, self.rows, strict=True):
            self._live(person, row)
        self.chance.shuffle(self.events)
        db.execute(sa.insert(Event), self.events)
        db.commit()
        while actions.catch_up(db, NOON):
            db.commit()
        db.commit()

    def _person(self, number: int) -> dict[str, Any]:
        name = f"Zuleha{number} Qismatul"
        self.names.append(name)
        gender = self.chance.choice(("female", "male", None))
        place = self.chance.choices(CODES, [9, 1, 2, 30, 5, 3, 17, 1, 1, 1, 12, 4, 20, 1, 2, 6])[0]
        return {
            "name": name, "search": name.casefold(), "username": f"zuleha{self.seed}-{number}", "password_hash": "x",
            "region": place, "birth_year": self.chance.choice((1950, 1966, 1975, 1985, 1986, 1995, 2003)),
            "adult_declared_at": DAY, "created_at": DAY, "gender": gender,
        }  # fmt: skip

    def _live(self, person: int, row: dict[str, Any]) -> None:
        self._event(person, row, "registered", {"registered": 1})
        chosen = [
            course
            for course, likely in zip(COURSES, (0.7, 0.2, 0.05, 0.4), strict=True)
            if self.chance.random() < likely
        ]
        self._count(row, {"learners": 1, "active": 1} if chosen else {}, [])
        for scope in {*(f"kursus:{course}" for course in chosen), *(f"pilar:{COURSES[course]}" for course in chosen)}:
            self._count_scope(scope, {"learners": 1, "active": 1})
        for course in chosen if self.busy else ():
            said = {"course": course, "pillar": COURSES[course], "version": 1}
            self._event(person, row, "enrolled", {"enrolled": 1}, **said)
            for jp in range(self.chance.randrange(3)):
                self._event(person, row, "module", {"jp": 1}, module=f"m{jp}", jp=1, **said)
            if self.chance.random() < 0.4:
                post, pre = self.chance.choice((40.0, 90.0)), self.chance.choice((None, 20.0, 50.0))
                passed = post > 80
                made = {"tested": 1, "passed": int(passed)}
                more = {"purpose": "post", "module": "", "score": post, "passed": passed, "first": True}
                self._event(person, row, "attempt", made, first_pass=passed, pre=pre, **more, **said)
                if passed:
                    self._event(person, row, "completed", {"completed": 1}, **said)
                    self._event(person, row, "certificate", {"certificates": 1}, **said)

    def _event(self, person: int, row: dict[str, Any], kind: str, adds: dict[str, int], **data: Any) -> None:
        self.events.append({"kind": kind, "person_id": person, "at": DAY, "data": data, "audit": False})
        scopes = [f"kursus:{data['course']}", f"pilar:{data['pillar']}"] if "course" in data else []
        self._count(row, adds, scopes)

    def _count(self, row: dict[str, Any], adds: dict[str, int], scopes: list[str]) -> None:
        region, gender = row["region"], row["gender"] or UNSTATED
        age = age_band(row["birth_year"], DAY.year) or UNSTATED
        regions = (region, _DISTRICT[region]) if region in _DISTRICT else (region,)
        for measure, add in adds.items():
            self.counts[(measure, "", ALL, "")] += add
            self.counts[(measure, "age", age, "")] += add
            self.counts[(measure, "gender", gender, "")] += add
            for place in regions:
                self.counts[(measure, "region", place, "")] += add
                self.counts[(measure, "region+gender", place, gender)] += add
                self.counts[(measure, "region+age", place, age)] += add
        for scope in scopes:
            self._count_scope(scope, adds)

    def _count_scope(self, scope: str, adds: dict[str, int]) -> None:
        for measure, add in adds.items():
            self.counts[(measure, "course" if scope.startswith("kursus") else "pillar", scope, "")] += add


def four_courses(db: Session) -> None:
    """The courses of the crowd; two of them with titles a spreadsheet would run or a page would read as markup."""
    titles = {
        "satu": "Kursus Satu",
        "dua": "=1+1",
        "tiga": "Kursus <b>Tiga</b> 100% s",
        "empat": "Kursus Empat, lanjutan; akhir",
    }
    for number, (slug, pillar) in enumerate(COURSES.items(), 1):
        code = "" if slug == "dua" else f"K{number:02}"
        a_version(db, slug, number=1, pillar=pillar, title=titles[slug], code=code)
    db.commit()
