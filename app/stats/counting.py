"""What one event counts as, and in which cells. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.accounts.people import UNSTATED, age_band
from app.stats.periods import day_of, keys_of
from app.stats.rules import normalised_gain, raw_gain

ALL = "semua"
MEASURES = (
    "registered",
    "active",
    "enrolled",
    "learners",
    "completed",
    "tested",
    "passed",
    "jp",
    "certificates",
    "gain_pairs",
    "gain_full",
    "gain_norm_sum",
)
# What acts on a certificate of who passed add to the count of the day on which it was issued.
CERTIFICATES = {"certificate.revoked": -1, "certificate.reinstated": 1, "certificate.removed": -1}
Cell = tuple[str, str, str, str, str]  # period, scope, breakdown, key, sub
Once = tuple[int, str, str]  # person, period, scope


@dataclass(frozen=True, slots=True)
class Person:
    """The dimensions of a person, as they are when the event is counted."""

    region: str
    birth_year: int
    gender: str | None


@dataclass(slots=True)
class Counted:
    """What an event adds to each of its cells, and whether the person counts once as active or as a learner."""

    adds: dict[str, float] = field(default_factory=dict)
    gain: int | None = None
    active: bool = False
    learner: bool = False
    at: datetime | None = None  # when it counts, if not when it happened

    def __bool__(self) -> bool:
        """Whether it counts as anything."""
        return bool(self.adds) or self.gain is not None or self.active or self.learner


def counted(kind: str, data: Mapping[str, Any]) -> Counted:
    """What this event counts as; see the table in docs/map.md."""
    if kind == "registered":
        return Counted({"registered": 1})
    if kind == "enrolled":
        return Counted({"enrolled": 1}, learner=True, active=True)
    if kind == "step":
        return Counted(active=True)
    if kind == "module":
        return Counted({"jp": int(data["jp"])}, active=True)
    if kind == "completed":
        return Counted({"completed": 1})
    if kind == "certificate":
        return Counted({"certificates": 1})
    if kind in CERTIFICATES and (issued := data.get("issued_at")):
        return Counted({"certificates": CERTIFICATES[kind]}, at=datetime.fromisoformat(issued))
    if kind == "attempt":
        return _attempt(data)
    return Counted()


def _attempt(data: Mapping[str, Any]) -> Counted:
    found = Counted(active=True)
    if data["purpose"] != "post":
        return found
    if data["first_pass"]:
        found.adds["passed"] = 1
    if data["first"]:
        found.adds["tested"] = 1
        if (pre := data.get("pre")) is not None:
            post = float(data["score"])
            found.gain = raw_gain(float(pre), post)
            found.adds["gain_pairs"] = 1
            share = normalised_gain(float(pre), post)
            if share is None:
                found.adds["gain_full"] = 1
            else:
                found.adds["gain_norm_sum"] = share
    return found


def scopes(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Everything, and the pillar and the course when the event is about one."""
    if "course" not in data:
        return (ALL,)
    return ALL, f"pilar:{data['pillar']}", f"kursus:{data['course']}"


def places(person: Person, at: datetime) -> tuple[tuple[str, str, str], ...]:
    """(breakdown, key, sub) of each table in which this person has a cell."""
    gender = person.gender or UNSTATED
    age = age_band(person.birth_year, day_of(at).year) or UNSTATED
    return (
        ("", "", ""),
        ("region", person.region, ""),
        ("gender", gender, ""),
        ("age", age, ""),
        ("region+gender", person.region, gender),
        ("region+age", person.region, age),
    )


def cells(person: Person, at: datetime, data: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Cell]]]:
    """(period, scope, the cells there) for every period and scope of an event."""
    found = places(person, at)
    for period in keys_of(at):
        for scope in scopes(data):
            yield period, scope, [(period, scope, *place) for place in found]
