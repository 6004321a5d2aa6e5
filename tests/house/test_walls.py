"""The walls: which way imports point, how long a file may be, what never stands in a page or a text."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, place, texts

MOST_LINES = 300
# What templates may mark as safe: the HTML of a published course, which `course.safe_html` cleaned when it was parsed.
CLEANED = {
    "card.html", "item.html", "item.stem_html", "option.html", "part.html",
    "one.html", "one.about", "one.why", "answer.explanation",  # lines of a reply, made of the same
    "piece.html", "spotted(name)",  # item.html taken apart by course.pieces, which adds labels of ours only
}  # fmt: skip
CODE = [path for folder in ("app", "bench", "migrations", "tests", "tools") for path in texts(".py", under=folder)]
TEMPLATES = list(texts(".html", under="app"))
_ITSELF = Path(__file__)


def test_slices_look_upstream_and_the_core_is_pure() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert told.returncode == 0, told.stdout[-3000:]


def test_every_package_of_the_house_stands_in_the_contracts() -> None:
    """A new slice that nobody adds to the layers would be allowed everything."""
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    slices = sorted(path.parent.name for path in ROOT.glob("app/*/__init__.py"))
    assert [name for name in slices if contracts.count(f'app.{name}"') + contracts.count(f"app.{name} ") < 2] == []
    modules = sorted(path.stem for path in ROOT.glob("app/*.py") if path.stem not in ("__init__", "tables"))
    above_all = {"headers", "failures", "menu"}  # only the factory names them
    unplaced = [name for name in modules if not re.search(rf"app\.{name}\b", contracts) and name not in above_all]
    assert unplaced == []


@pytest.mark.parametrize("suffix", [".py", ".html", ".js", ".css"])
def test_no_file_grows_past_300_lines_without_saying_why(suffix: str) -> None:
    long = {}
    for path in texts(suffix):
        text = path.read_text(encoding="utf-8")
        lines = len(text.splitlines())
        if lines > MOST_LINES and "over 300 lines:" not in text.casefold():
            long[place(path)] = lines
    assert not long, f"split by noun, or say why in a comment “over 300 lines: …”: {long}"


def _imports_inside_functions(path: Path) -> list[int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in ast.walk(function):
                names = []
                if isinstance(node, ast.ImportFrom):
                    names = [node.module or "."] if not node.level else ["app"]
                elif isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                if any(name.split(".")[0] in ("app", "config", "tests") for name in names):
                    found.append(node.lineno)
    return found


def test_our_own_code_is_imported_at_the_top() -> None:
    """An import inside a function hides an arrow. `create_app` alone may, so that a pure test stays light."""
    hidden = {place(path): lines for path in CODE if (lines := _imports_inside_functions(path))}
    assert set(hidden) == {"app/__init__.py"}, hidden


_INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


def test_templates_hold_no_inline_script_or_style() -> None:
    found = {}
    for path in TEMPLATES:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        if hits := _INLINE.findall(text):
            found[place(path)] = hits
    assert not found


def test_the_search_for_inline_scripts_finds_them() -> None:
    for bad in ("<script>", "<script defer>", '<p style="x">', '<a onclick="x">', '<a href="javascript:x">', "<style>"):
        assert _INLINE.search(bad), bad
    for good in ('<script src="a.js" defer>', "<p class=once>", '<script type="module" src="b.js">'):
        assert not _INLINE.search(good), good


def test_templates_mark_nothing_safe_but_what_the_course_parser_cleaned() -> None:
    found: dict[str, list[str]] = {}
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"autoescape\s+false|Markup\(", text), place(path)
        for marked in re.findall(r"([\w.\[\]()]*)\s*\|\s*safe\b", text):
            if ".".join(marked.split(".")[-2:]) not in CLEANED:
                found.setdefault(place(path), []).append(marked)
    assert not found


def test_python_makes_markup_only_where_it_is_cleaned() -> None:
    """`Markup(…)` says “this is HTML already”: the only arguments are what the course parser cleaned."""
    found = set()
    for path in texts(".py", under="app"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Markup":
                found.add(place(path))
    assert found <= MARKUP_MADE, f"say in MARKUP_MADE why this is clean: {sorted(found - MARKUP_MADE)}"


# i18n marks our own sentences, into which facts are put escaped. Each of the others turns the HTML of a published
# course (nh3 cleaned it, see course.safe_html) or of one of our templates into Markup, and nothing else.
MARKUP_MADE = {
    "app/i18n.py",
    "app/enrollment/views.py",
    "app/enrollment/pages.py",
    "app/quiz/pages.py",
    "app/authoring/pages.py",
}


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
    left = {}
    for path in [*CODE, *TEMPLATES, *texts(".js", ".css", ".toml", ".md")]:
        if path.name == "inspector.py":  # it looks for such words in pages
            continue
        if hits := words.findall(path.read_text(encoding="utf-8")):
            left[place(path)] = hits
    assert not left


_GETTEXT = {"_", "gettext", "ngettext", "lazy_gettext", "N_", "pgettext"}


def _built_sentences(path: Path) -> list[int]:
    """Lines where a sentence for the catalogue is put together instead of written down."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in _GETTEXT and isinstance(node.args[0], (ast.JoinedStr, ast.BinOp)):
            found.append(node.lineno)
    return found


def test_no_sentence_of_the_catalogue_is_put_together() -> None:
    found = {place(path): lines for path in texts(".py", under="app") if (lines := _built_sentences(path))}
    assert not found
    concatenated = re.compile(r"""_\(\s*(["'])[^"']*\1\s*[~+%]""")
    in_templates = {place(path) for path in TEMPLATES if concatenated.search(path.read_text(encoding="utf-8"))}
    assert not in_templates


def test_no_text_names_a_machine_or_a_package_index() -> None:
    """What we publish says nothing about the machine it was written on."""
    telling = re.compile(
        r"/work/|file://|/home/\w|/root/|/tmp/(?!x\b)|pypi\.org|pythonhosted|index-url|registry\.npmjs|/simple/|localhost:3\d{3}"
    )
    found = {}
    for path in texts():
        if path == _ITSELF:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if hits := telling.findall(text):
            found[place(path)] = sorted(set(hits))
    assert not found


def test_only_doors_and_clocks_read_the_world() -> None:
    """Rules, queries and actions get time, form and user as arguments."""
    reading = re.compile(r"datetime\.now|clock\.now\(|from flask import[^\n]*request|current_user|\.commit\(\)")
    found = {}
    for name in ("rules.py", "queries.py", "actions.py"):
        for path in ROOT.glob(f"app/*/{name}"):
            if hits := reading.findall(path.read_text(encoding="utf-8")):
                found[place(path)] = hits
    assert not found


def test_writing_sql_by_hand_is_rare_and_never_with_what_people_sent() -> None:
    """`text(f"…")`, `exec_driver_sql(f"…")` and the like do not exist."""
    found = []
    for path in texts(".py", under="app"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], (ast.JoinedStr, ast.BinOp)):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("text", "exec_driver_sql", "literal_column"):
                    found.append(f"{place(path)}:{node.lineno}")
    assert found == []
