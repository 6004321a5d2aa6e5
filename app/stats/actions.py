"""Keeping the totals current: pulls what is new from the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import journal
from app.accounts.models import User
from app.journal import Cursor, Entry
from app.stats.counting import MEASURES, Cell, Once, Person, cells, counted
from app.stats.models import Reader, Seen, Total

_FLAGS = ("active", "learner")
_LOOKUP = 400  # ids in one IN (…)


def catch_up(session: Session, now: datetime, limit: int = 2_000) -> int:
    """Adds the next events to the totals; returns how many were read, 0 when there is nothing new.

    The reader's position moves in the same transaction as the totals, so an event counts exactly once.
    """
    reader = session.get(Reader, 1, with_for_update=True) or _first_reader(session, now)
    entries = journal.since(session, Cursor(reader.tx, reader.event_id), limit)
    if not entries:
        return 0
    _add(session, entries)
    reader.tx, reader.event_id, reader.read_at = entries[-1].tx, entries[-1].id, now
    return len(entries)


def _first_reader(session: Session, now: datetime) -> Reader:
    """The reader at the beginning of the journal; of two who begin at once, the later waits for the earlier."""
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(Reader)
    session.execute(insert.values(id=1, tx=0, event_id=0, read_at=now).on_conflict_do_nothing())
    return session.get_one(Reader, 1, with_for_update=True)


def rebuild(session: Session, now: datetime) -> int:
    """Counts everything anew from the journal; returns how many events there were."""
    for table in (Total, Seen, Reader):
        session.execute(sa.delete(table))
    total = 0
    while read := catch_up(session, now, 20_000):
        total += read
        session.flush()
    return total


class _Sums:
    """What a batch of events adds to each cell."""

    def __init__(self) -> None:
        self.adds: dict[Cell, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.gains: dict[Cell, dict[int, int]] = defaultdict(lambda: defaultdict(int))


def _add(session: Session, entries: list[Entry]) -> None:
    known = _people(session, {entry.person_id for entry in entries if entry.person_id is not None})
    read = [(entry, counted(entry.kind, entry.data)) for entry in entries if entry.person_id in known]
    # What counts as nothing (the acts of trainers and admins) has no place among the figures, nor names a pillar.
    found = [(entry, what) for entry, what in read if what]
    once = _Once(
        session, {entry.person_id for entry, what in found if entry.person_id and (what.active or what.learner)}
    )
    sums = _Sums()
    for entry, what in found:
        assert entry.person_id is not None
        at = what.at or entry.at
        for period, scope, places in cells(known[entry.person_id], at, entry.data):
            firsts = once.first((entry.person_id, period, scope), active=what.active, learner=what.learner)
            for place in places:
                for measure, value in what.adds.items():
                    sums.adds[place][measure] += value
                for measure in firsts:
                    sums.adds[place][measure] += 1
                if what.gain is not None:
                    sums.gains[place][what.gain] += 1
    once.write()
    _write(session, sums)


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _LOOKUP):
        yield ordered[start : start + _LOOKUP]


def _people(session: Session, ids: set[int]) -> dict[int, Person]:
    found = {}
    for some in _chunks(ids):
        query = sa.select(User.id, User.region, User.birth_year, User.gender).where(User.id.in_(some))
        found.update({row.id: Person(row.region, row.birth_year, row.gender) for row in session.execute(query)})
    return found


class _Once:
    """Remembers who was counted already, so that a person counts once in a period and scope."""

    def __init__(self, session: Session, people: set[int]) -> None:
        self.session = session
        self.seen: dict[Once, list[bool]] = {}
        self.changed: set[Once] = set()
        for some in _chunks(people):
            query = sa.select(Seen.person_id, Seen.period, Seen.scope, Seen.active, Seen.learner)
            for person, period, scope, active, learner in session.execute(query.where(Seen.person_id.in_(some))):
                self.seen[(person, period, scope)] = [active, learner]

    def first(self, key: Once, *, active: bool, learner: bool) -> list[str]:
        """The measures this person counts in for the first time here."""
        if not (active or learner):
            return []
        flags = self.seen.setdefault(key, [False, False])
        new = []
        for place, (wanted, measure) in enumerate(((active, "active"), (learner, "learners"))):
            if wanted and not flags[place]:
                flags[place] = True
                new.append(measure)
                self.changed.add(key)
        return new

    def write(self) -> None:
        """Keeps what was learned."""
        rows = [
            dict(zip(("person_id", "period", "scope", *_FLAGS), (*key, *self.seen[key]), strict=True))
            for key in sorted(self.changed)
        ]
        _upsert(self.session, Seen, rows, lambda new: {flag: new[flag] for flag in _FLAGS})


def _write(session: Session, sums: _Sums) -> None:
    histograms = _histograms(session, sums)
    rows = []
    for cell in sorted({*sums.adds, *sums.gains}):
        row: dict[str, Any] = dict(zip(("period", "scope", "breakdown", "key", "sub"), cell, strict=True))
        row |= {measure: sums.adds[cell].get(measure, 0) for measure in MEASURES}
        row["gain_histogram"] = histograms.get(cell, {})
        rows.append(row)
    table = Total.__table__
    kept = [row for row in rows if tuple(row.values())[:5] in histograms]
    plain = [row for row in rows if tuple(row.values())[:5] not in histograms]
    grow = {measure: table.c[measure] for measure in MEASURES}
    _upsert(session, Total, plain, lambda new: {name: column + new[name] for name, column in grow.items()})
    _upsert(
        session,
        Total,
        kept,
        lambda new: (
            {name: column + new[name] for name, column in grow.items()} | {"gain_histogram": new["gain_histogram"]}
        ),
    )


def _histograms(session: Session, sums: _Sums) -> dict[Cell, dict[str, int]]:
    """The histograms of learning gain with the new pairs in them, for the cells that have new pairs."""
    merged: dict[Cell, dict[str, int]] = {}
    columns = (Total.period, Total.scope, Total.breakdown, Total.key, Total.sub, Total.gain_histogram)
    for period, scope in sorted({cell[:2] for cell in sums.gains}):
        query = sa.select(*columns).where(Total.period == period, Total.scope == scope, Total.gain_pairs > 0)
        for *address, stored in session.execute(query):
            merged[cast(Cell, tuple(address))] = dict(stored)
    for cell, pairs in sums.gains.items():
        histogram = merged.setdefault(cell, {})
        for points, count in pairs.items():
            histogram[str(points)] = histogram.get(str(points), 0) + count
    return {cell: merged[cell] for cell in sums.gains}


def _upsert(session: Session, model: Any, rows: list[dict[str, Any]], change: Any) -> None:
    if not rows:
        return
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(model)
    keys = list(model.__table__.primary_key.columns)
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=change(insert.excluded)), rows)
