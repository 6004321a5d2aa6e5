"""HTML of other systems as our Markdown: it reads the same, comes back the same, and carries nothing that acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.course.markdown import render, render_line
from app.exchange import markup
from app.exchange.tree import grown

_SIGNS = st.text("ab *_`[]()<>~=|\\#+-.!:{}&;1\"'x\n", max_size=12)


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = ["b", "i", "code", "s", "p", "div", "ul", "ol", "li", "h3", "sup", "blockquote", "td", "pre", "a", "span"]
    return st.builds("<{0}>{1}</{0}>".format, st.sampled_from(tags), inner)


HTML = st.recursive(
    st.one_of(_SIGNS.map(markup.as_html), _SIGNS.map(lambda text: text.replace("<", "&lt;")), st.just("<br>")),
    lambda inner: st.one_of(_element(inner), st.lists(inner, max_size=4).map("".join)),
    max_leaves=12,
)


@given(HTML)
@example("<s><p>~1</p></s>")
def test_a_text_that_came_in_comes_back_the_same(html: str) -> None:
    once = markup.prose(html)
    shown = render(once.markdown, {})
    again = markup.prose(shown.html)
    assert render(again.markdown, {}).html == shown.html
    line = render_line(markup.line(html).markdown, {}, 1)[1].html
    assert render_line(markup.line(line).markdown, {}, 1)[1].html == line
    assert not [problem.text for problem in shown.problems if "HTML" in problem.text]


@given(HTML)
def test_no_word_is_lost(html: str) -> None:
    def words(text: str) -> str:
        return re.sub(r"[^a-z0-9]", "", re.sub(r"[²¹]", "", grown(text).words))

    shown = render(markup.prose(html).markdown, {}).html
    assert words(shown).replace("1", "") == words(html).replace("1", "")


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>Satu <b>dua </b>tiga</p><p>empat<br>lima</p>", "Satu **dua** tiga\n\nempat\\\nlima"),
        ("satu<br><br>- dua", "satu\n\n\\- dua"),
        ("<ul><li>a<ol><li>b</li></ol></li></ul><ul><li>c</li></ul>", "- a\n  1. b\n\n* c"),
        ("<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>2</td></tr></table>",
         "| a | b\\|c |\n| --- | --- |\n| 1 | 2 |"),
        ("x<sup>2</sup> H<sub>2</sub>O a<sup>bc</sup>", "x² H₂O a^bc"),
        ("<script>alert(1)</script>a<style>b</style>", "a"),
        ('<p onclick="x()">a <a href="javascript:alert(1)">b</a></p>', "a b"),
        ('<a href="https://contoh.id/?a=1&amp;b=2">b</a>', "[b](https://contoh.id/?a=1&b=2)"),
        ("<p>1. a</p><p># b</p><p>--- c</p><p>::: pesan</p><p>[x] d</p>",
         "1\\. a\n\n\\# b\n\n\\--- c\n\n\\::: pesan\n\n\\[x] d"),
        ("&lt;img src=x onerror=alert(1)&gt; a &lt; b", "\\<img src=x onerror=alert(1)> a < b"),
        ("<pre>a\n b</pre>", "`a`\\\n`b`"),
        ("<h2>Judul</h2><h3>Pembahasan</h3>isi", "**Judul**\n\n**Pembahasan**\n\nisi"),
    ],
)  # fmt: skip
def test_a_text_becomes_our_markdown(html: str, markdown: str) -> None:
    assert markup.prose(html).markdown == markdown


def test_what_has_no_place_is_named() -> None:
    assert markup.prose('<img src="a.png" alt="Bendera">').lost == {markup.PICTURE}
    assert markup.prose('<img src="a.png">').lost == {markup.MEDIUM}
    assert markup.prose("<video src=a></video>").lost == {markup.MEDIUM}
    assert markup.prose("a\u202eb").lost == {markup.HIDDEN}
    assert markup.line('<a href="https://contoh.id">sini</a>').lost == {markup.LINK}
    assert markup.prose('<img src="a.png" alt="Bendera">').markdown == "(gambar: Bendera)"


def test_hostile_html_takes_no_time_and_no_depth() -> None:
    deep = markup.prose("<div><b>" * 1_600 + "a" + "</b></div>" * 1_600)
    assert deep.markdown.strip("*") == "a"
    assert markup.prose("<!--" * 7_000).markdown == ""
