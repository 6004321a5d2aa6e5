"""The agency's own sign and its official stand on papers of their time."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from pypdf import PdfReader

from app.certificate import editions, facts, pdf, picture, queries
from app.certificate.layout import compose
from app.certificate.models import Logo
from app.certificate.sheet import MARGIN, Picture, Text
from tests.builders import NOON
from tests.certificate.cast import COURSE, certified, claim, finish, writing
from tests.certificate.test_layout import a_paper


def a_picture(color: str, size: tuple[int, int] = (120, 60), kind: str = "PNG", mode: str = "RGB") -> bytes:
    """A sign in one colour."""
    out = BytesIO()
    Image.new(mode, size, color).save(out, kind)
    return out.getvalue()


def noise(width: int, height: int, kind: str = "PNG") -> bytes:
    """A picture that nothing makes smaller; in colours of a palette, which a paper has no use for."""
    out = BytesIO()
    grain = Image.frombytes("L", (width, height), Random(4).randbytes(width * height))
    if kind == "PNG":
        grain = grain.convert("P")
        grain.putpalette([(7 * place) % 256 for place in range(768)])
    grain.save(out, kind)
    return out.getvalue()


OFFICIAL: dict[str, Any] = {
    "SIGNATORY_NAME": "Ratna Rekaan", "SIGNATORY_TITLE": "Kepala Bidang Contoh", "SIGNATORY_NIP": "1",
}  # fmt: skip
SIGNS = ("signatory_name", "signatory_title", "signatory_nip")
RED, BLUE = a_picture("#aa0000"), a_picture("#0000aa80", mode="RGBA")


def shown(paper: bytes) -> list[tuple[tuple[int, int], tuple[int, ...]]]:
    """Size and middle colour of each picture on the front."""
    images = [image.image for image in PdfReader(BytesIO(paper)).pages[0].images]
    assert all(images)
    return [(one.size, one.getpixel((one.width // 2, one.height // 2))) for one in images if one]


def test_a_paper_shows_the_sign_of_its_issue_also_when_printed_later(app, db, sari, joko):
    plain = certified(app, db, sari.person, "polos")
    first = claim(app, finish(db, sari.person, "merah").id, AGENCY_LOGO=RED, **OFFICIAL)
    past = OFFICIAL | {"SIGNATORY_UNTIL": date(2026, 11, 22)}
    second = claim(app, finish(db, joko.person, "biru").id, AGENCY_LOGO=BLUE, **past)
    third = claim(app, finish(db, joko.person, "merah").id, AGENCY_LOGO=RED)
    assert sorted(db.scalars(sa.select(Logo.picture))) == sorted([RED, BLUE])
    db.rollback()
    assert first.facts["logo"] == third.facts["logo"] != second.facts["logo"]
    assert [[one.facts[name] for name in SIGNS] for one in (first, second)] == [list(OFFICIAL.values()), ["", "", ""]]
    with writing(app) as s:
        for made, colors in ((plain, []), (first, [(170, 0, 0)]), (second, [(0, 0, 170, 128)])):
            paper = queries.paper_of(s, made)
            assert paper is not None
            assert shown(paper) == [((120, 60), color) for color in colors]
            later = editions.printed(s, made, queries.edition(s, made), app.config | {"AGENCY_LOGO": BLUE})
            assert later == paper


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        (None, None, True),
        (date(2026, 11, 23), date(2026, 11, 23), True),  # the day of issue
        (date(2026, 11, 24), None, False),
        (None, date(2026, 11, 22), False),
    ],
)
def test_an_official_stands_on_papers_of_the_own_term_only(first, last, named):
    settings = dict.fromkeys(facts.OFFICE.values(), "Agensi") | OFFICIAL
    settings |= {"MINUTES_PER_JP": 45, "SIGNATORY_FROM": first, "SIGNATORY_UNTIL": last}
    kept = facts.kept(COURSE, settings, score=85.0, started_at=NOON, finished_at=NOON, issued_on=date(2026, 11, 23))
    assert [kept[name] for name in SIGNS] == (list(OFFICIAL.values()) if named else ["", "", ""])
    assert kept["agency"] == "Agensi"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg/>", "bukan gambar PNG atau JPEG"),
        (a_picture("red", kind="GIF"), "bukan gambar PNG atau JPEG"),
        (a_picture("red", (1001, 10)), "1001 x 10 piksel terlalu besar"),
        (noise(600, 300), "177 KB terlalu besar"),
        (noise(300, 300)[:-20_000], "rusak atau terpotong"),
        (noise(250, 250, "JPEG")[:-20_000], "rusak atau terpotong"),
        (noise(330, 300), "terlalu ramai"),
    ],
)
def test_what_cannot_stand_on_paper_is_refused_with_its_reason(content, said):
    with pytest.raises(ValueError, match=said):
        picture.checked(content)


@pytest.mark.parametrize("size", [(1000, 1), (1, 1000), (800, 800), (600, 209)])
def test_a_sign_of_any_shape_leaves_room_for_the_agencys_name(size):
    front, back = compose(
        a_paper(logo=a_picture("#aa0000", size), agency="Dinas " * 20, unit="Bidang " * 20), pdf.measure
    )
    (sign,) = (shape for shape in front.shapes if isinstance(shape, Picture))
    assert sign.height == pytest.approx(sign.width * size[1] / size[0])
    assert sign.x >= MARGIN and sign.width <= 133 and sign.y >= 500 and sign.y + sign.height <= 550
    names = [shape for shape in front.shapes if isinstance(shape, Text)][:2]
    for name in names:
        assert sign.x + sign.width + 10 <= name.x
        assert name.x + pdf.measure(name.text, name.font, name.size) <= 511
    assert not any(isinstance(shape, Picture) for shape in back.shapes)


def test_a_photograph_goes_on_paper_as_it_came():
    photograph = a_picture("#aa0000", (900, 700), "JPEG")
    packed = picture.packed(picture.checked(photograph))
    assert (packed.content, packed.filter, packed.width, packed.height) == (photograph, "DCTDecode", 900, 700)
    drawn = picture.packed(picture.checked(a_picture("#aa0000", (900, 300))))
    assert (drawn.width, drawn.height, drawn.veil) == (600, 200, b"")
