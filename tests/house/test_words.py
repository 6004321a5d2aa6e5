"""The words: English is complete, places match, and every sentence can be filled in."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.house.tree import ROOT
from tools import catalogue

_PLACE = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sentences in the source, extracted as `tools/words` does."""
    target = tmp_path_factory.mktemp("words") / "messages.pot"
    tool = Path(sys.executable).with_name("pybabel")
    line = [
        tool,
        "--quiet",
        "extract",
        "-F",
        "translations/babel.cfg",
        "-k",
        "N_",
        "--sort-output",
        "-o",
        target,
        "app",
    ]
    subprocess.run(line, cwd=ROOT, check=True, timeout=300)
    return target


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def test_english_is_complete_and_its_places_match(template: Path) -> None:
    assert catalogue.ENGLISH.exists(), "no English catalogue yet; run `make words`"
    found = catalogue.problems(template)
    assert not found, f"{len(found)} sentences need care (run `make words`): {found[:20]}"


def _trouble(sentence: str, spots: set[str]) -> str:
    """Why a sentence cannot be filled in, or nothing."""
    try:
        filled = sentence % defaultdict[str, Any](lambda: 1) if "%(" in sentence or ".html" in spots else sentence
    except (ValueError, TypeError) as error:
        return f"cannot be formatted ({error})"
    # Python sentences without places are never formatted, template sentences always are: neither may hold a bare %.
    if "%" in _PLACE.sub("", sentence).replace("%%", ""):
        return "has a bare %"
    if "%%" in sentence and not _PLACE.search(sentence) and ".py" in spots:
        return "shows %% on the page: without places nothing is formatted"
    # What a trainer types into a course text keeps its straight quotes.
    sentence = re.sub(r'\b\w+="[^"]*"|\["[^\]]*"\]', "", sentence)
    if '"' in sentence or re.search(r"(?<=\w)'(?=\w)|^'|'$|\s'", sentence):
        return "has straight quotes"
    return "" if "%(" not in filled else "keeps a place"


def test_every_sentence_can_be_filled_in(template: Path) -> None:
    troubles = {}
    for message in _read(template):
        if message.id:
            spots = {Path(file).suffix for file, _ in message.locations}
            if found := _trouble(str(message.id), spots):
                troubles[str(message.id)] = found
    assert not troubles


def test_every_english_sentence_can_be_filled_in(template: Path) -> None:
    assert catalogue.ENGLISH.exists(), "no English catalogue yet; run `make words`"
    spots = {str(one.id): {Path(file).suffix for file, _ in one.locations} for one in _read(template)}
    troubles = {}
    for message in _read(catalogue.ENGLISH):
        if message.id and message.string:
            found = _trouble(str(message.string).replace("’", ""), spots.get(str(message.id), {".py"}))
            if found and found != "has straight quotes":
                troubles[str(message.string)] = found
    assert not troubles


def test_the_glossary_is_kept(template: Path) -> None:
    """One word per thing: see docs/map.md and docs for trainers."""
    wrong = re.compile(
        r"\b(pelajaran(?! \(JP\))|password|email|e-mail|login|log in|logout|user|klik|silahkan|mensukseskan)\b", re.I
    )
    found = {}
    for message in _read(template):
        text = _PLACE.sub("", str(message.id)).casefold().replace("jam pelajaran", "")
        if hits := wrong.findall(text):
            found[str(message.id)] = hits
    assert not found


def test_the_search_for_trouble_finds_it() -> None:
    assert _trouble("Nilai 80% dari 100", {".html"})
    assert _trouble("Nilai 80% dari %(all)s", {".py"})
    assert _trouble("Nilai 80%%", {".py"})
    assert _trouble('Tekan "Simpan"', {".py"})
    assert not _trouble("Nilai 80%% dari %(all)s", {".py"})
    assert not _trouble("Tekan “Simpan”.", {".html"})
