"""The rules of the house are pure: they load in a fresh process without the web, the database or the printer."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.house.tree import ROOT, place, texts

HEAVY = {"flask", "flask_babel", "flask_login", "flask_wtf", "sqlalchemy", "wtforms", "reportlab"}


def _contract() -> dict[str, list[str]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    found: dict[str, list[str]] = next(one for one in contracts if one["name"] == "The core is pure")
    return found


def _pure() -> list[str]:
    """The modules that the contract calls pure, as far as they exist."""
    found = set()
    for name in _contract()["source_modules"]:
        if "*" in name:
            pattern = name.replace(".", "/") + ".py"
            found |= {place(path).removesuffix(".py").replace("/", ".") for path in ROOT.glob(pattern)}
        elif (ROOT / (name.replace(".", "/") + ".py")).exists():
            found.add(name)
    return sorted(found)


# A bare interpreter that forks for each module: a fresh one for each would take ten times as long.
_EACH = """
import os, sys
for module in sys.argv[1:]:
    sys.stdout.flush()
    if os.fork() == 0:
        __import__(module)
        print(module, *sorted({name.partition(".")[0] for name in sys.modules}), flush=True)
        os._exit(0)
    if os.wait()[1]:
        sys.exit(module)
"""


@cache
def _loaded() -> dict[str, set[str]]:
    """The packages that a fresh process holds after importing each of the pure modules, and a heavy one."""
    command = [sys.executable, "-c", _EACH, *_pure(), "app.db"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    return {module: set(packages) for module, *packages in map(str.split, told.stdout.splitlines())}


@pytest.mark.parametrize("module", _pure())
def test_a_rule_loads_neither_web_nor_database_nor_printer(module: str) -> None:
    assert not _loaded()[module] & HEAVY


def test_the_measure_sees_a_heavy_module() -> None:
    assert {"flask", "sqlalchemy"} <= _loaded()["app.db"]


def test_every_slice_with_rules_is_measured() -> None:
    with_rules = {place(path.parent).split("/")[-1] for path in texts(".py", under="app") if path.name == "rules.py"}
    assert {module.split(".")[1] for module in _pure() if module.endswith(".rules")} == with_rules


def test_the_contract_forbids_what_is_heavy() -> None:
    assert set(_contract()["forbidden_modules"]) >= HEAVY - {"flask_wtf"}


def test_every_pure_module_named_by_the_contract_exists() -> None:
    """A renamed module would leave the contract guarding nothing."""
    named = [name for name in _contract()["source_modules"] if "*" not in name]
    assert [name for name in named if not (ROOT / Path(*name.split("."))).with_suffix(".py").exists()] == []
