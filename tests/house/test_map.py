"""Nothing is unknown to the papers: every setting, command, slice and address stands in docs/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from config import from_env
from tests.house.tree import ROOT, place, texts

OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
MAP = (ROOT / "docs/map.md").read_text(encoding="utf-8")


class _Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.names: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, default)


def _settings(folder: Path) -> set[str]:
    """Every environment variable that config.from_env asks for, and those that code asks for elsewhere."""
    asked = _Asked({"DATA": str(folder)})
    from_env(asked)
    reads = re.compile(r"""(?:environ(?:\.get\(|\.pop\(|\[)|getenv\()["'](\w+)["']""")
    for path in [*texts(".py", under="app"), ROOT / "wsgi.py"]:
        asked.names |= set(reads.findall(path.read_text(encoding="utf-8")))
    return asked.names - {"FLASK_RUN_FROM_CLI"}  # Flask's own sign between its command and us


def _documented() -> dict[str, str]:
    """The settings in the tables of docs/operations.md, each with its default."""
    return dict(re.findall(r"^\| `([A-Z][A-Z_0-9]+)` \| ([^|]*) \|", OPERATIONS, re.M))


def test_every_setting_is_described_and_every_description_is_a_setting(tmp_path: Path) -> None:
    assert set(_documented()) == _settings(tmp_path)


_PLAIN = (
    "PORT HOST TRUSTED_PROXIES RATE_LIMITS SMTP_PORT MAIL_FROM AGENCY UNIT PROGRAMME PLACE CONTACT"
    " CERTIFICATE_NUMBER CERTIFICATE_CLASS SMART_LABEL MINUTES_PER_JP"
)


@pytest.mark.parametrize("name", _PLAIN.split())
def test_the_described_default_is_the_default(tmp_path: Path, name: str) -> None:
    assert _documented()[name].strip() == f"`{from_env({'DATA': str(tmp_path)})[name]}`"


@pytest.mark.parametrize("name", ["DEMO", "BACKGROUND", "SMTP_STARTTLS"])
def test_the_described_switches_are_the_switches(tmp_path: Path, name: str) -> None:
    assert _documented()[name].strip() == f"`{int(from_env({'DATA': str(tmp_path)})[name])}`"


def _commands(group: click.Group, name: str = "flask") -> Iterator[tuple[str, click.Command]]:
    for key, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{name} {key}")
        else:
            yield f"{name} {key}", command


@pytest.mark.sqlite
def test_every_command_is_described_with_its_options(app: Flask) -> None:
    missing = []
    for name, command in _commands(app.cli):
        lines = re.findall(rf"`{name}(?= |`)([^`]*)`", OPERATIONS)
        if not lines:
            missing.append(name)
        for one in command.params:
            if isinstance(one, click.Option) and not any(one.opts[0] in line for line in lines):
                missing.append(f"{name} {one.opts[0]}")
    assert not missing


@pytest.mark.sqlite
def test_every_described_command_exists(app: Flask) -> None:
    there = {name for name, _ in _commands(app.cli)}
    described = set(re.findall(r"^\| `(flask [a-z -]+[a-z])[ `]", OPERATIONS, re.M))
    assert {name for name in described if not any(name.startswith(one) for one in there)} == set()
    assert described


@pytest.mark.sqlite
def test_every_slice_and_every_address_stands_in_the_papers(app: Flask) -> None:
    for name in app.blueprints:
        assert f"`{name}`" in MAP, f"the slice {name}"
    access = (ROOT / "docs/access.md").read_text(encoding="utf-8")
    for endpoint in app.view_functions:
        assert f"`{endpoint}`" in access, f"the door {endpoint}"
        assert f"\n| `{endpoint}` |" in MAP, f"the door {endpoint} in the map"


@pytest.mark.sqlite
def test_every_door_named_by_the_map_exists(app: Flask) -> None:
    named = set(re.findall(r"`((?:" + "|".join(app.blueprints) + r")\.\w+)`", MAP.split("## The journal")[0]))
    assert named - set(app.view_functions) == set()


def test_every_event_of_the_journal_stands_in_the_map() -> None:
    kinds = set()
    for path in texts(".py", under="app"):
        text = path.read_text(encoding="utf-8")
        kinds |= set(re.findall(r"""journal\.(?:(?:record|audit)\(\s*\w+,|told\()\s*["']([\w.]+)["']""", text))
    assert kinds >= {"registered", "enrolled", "step", "attempt", "completed", "certificate"}, kinds
    assert {kind for kind in kinds if f"`{kind}`" not in MAP} == set()


def test_every_target_of_make_stands_in_the_readme_or_the_operations_page() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    papers = OPERATIONS + (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in targets if f"make {name}" not in papers] == []


_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def test_links_between_papers_lead_somewhere() -> None:
    broken = []
    for paper in texts(".md"):
        if place(paper).startswith("courses/"):
            continue
        for target in _LINK.findall(paper.read_text(encoding="utf-8")):
            if "://" in target or target.startswith(("#", "media/")) or "`" in target:
                continue
            if not (paper.parent / target.split("#")[0]).exists():
                broken.append(f"{place(paper)}: {target}")
    assert not broken


def test_files_named_by_the_papers_exist() -> None:
    """`app/…`, `tests/…`, `docs/…` in backquotes are files or folders of this project."""
    ours = re.compile(r"`((?:app|tests|docs|tools|migrations|bench|courses|translations)/[\w./-]+)`")
    broken = []
    for paper in texts(".md"):
        for named in ours.findall(paper.read_text(encoding="utf-8")):
            if not (ROOT / named.rstrip("/")).exists():
                broken.append(f"{place(paper)}: {named}")
    assert not broken


DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:5] for path in DECISIONS] == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]
    assert len(DECISIONS) >= 8


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_each_decision_is_one_short_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {path.name[:4]} ")
    assert len(text.splitlines()) <= 40
    assert [part for part in ("**Context.**", "**Decision.**", "**Consequences.**") if part not in text] == []
