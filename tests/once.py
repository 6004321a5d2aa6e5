"""What every test's application would compile anew is compiled once a process: two fifths of the tests' time.

Only what depends on nothing but its source is shared; rows, settings, sessions and locks stay each test's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from app import db
from app.course import content, inspection, queries


def for_all() -> None:
    """Shares templates, addresses, statements and courses among all applications of this process."""
    Flask.jinja_options = {"bytecode_cache": _Templates()}
    Rule.compile = _addresses(Rule.compile)  # type: ignore[method-assign]
    db.make_engine = _statements(db.make_engine)
    queries.examine = inspection.examine = _courses()  # type: ignore[attr-defined]


class _Templates(BytecodeCache):
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def _addresses(compiled: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """What reads and writes an address: most of the cost of an application."""
    known: dict[tuple[Any, ...], dict[str, Any]] = {}
    made = ("_parts", "_trace", "_converters", "_build", "_build_unknown")

    def once(rule: Rule) -> None:
        key = (rule.rule, rule.merge_slashes, rule.host, rule.subdomain, tuple(sorted((rule.defaults or {}).items())))
        if key not in known:
            compiled(rule)
            known[key] = {name: getattr(rule, name) for name in made}
        vars(rule).update(known[key])
        rule.arguments.update(rule._converters)

    return once


def _statements(make: Callable[[str], sa.Engine]) -> Callable[[str], sa.Engine]:
    """Statements are kept by their dialect: let dialects of one kind stand for each other."""
    compiled: dict[type[sa.Dialect], Any] = {}
    sa.Dialect.__hash__ = lambda dialect: hash(type(dialect))  # type: ignore[method-assign]
    sa.Dialect.__eq__ = lambda dialect, other: type(dialect) is type(other)  # type: ignore[method-assign]

    def once(url: str) -> sa.Engine:
        engine = make(url)
        engine._compiled_cache = compiled.setdefault(type(engine.dialect), engine._compiled_cache)
        return engine

    return once


def _courses() -> Callable[[Mapping[str, str]], content.Examined]:
    """Most applications read the same few courses, and that is half of what a first page costs."""

    @lru_cache(maxsize=100)
    def read(files: tuple[tuple[str, str], ...]) -> content.Examined:
        return content.examine(dict(files))

    return lambda files: read(tuple(sorted(files.items())))
