"""The code on the paper: a cheap phone reads it, and what it reads can be proven."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

from app.certificate import proof
from app.certificate.proof import address
from tests.certificate.test_layout import a_paper
from tests.certificate.test_pdf import paper, run, tool


@pytest.mark.parametrize("name", ["Sari Contoh", ("Nur’aini " * 14)[:120].strip(), ("عبد الرحمن " * 11)[:120].strip()])
def test_the_code_is_read_from_a_photo_of_a_print(name: str, tmp_path: Path) -> None:
    """A4 at 150 dots an inch, askew, out of focus, badly lit and packed hard, as a cheap phone does it."""
    facts = a_paper(holder_name=name)
    file, photo = tmp_path / "sertifikat.pdf", tmp_path / "foto.jpg"
    file.write_bytes(paper(facts))
    run(tool("pdftoppm", "poppler-utils"), "-r", "150", "-png", "-singlefile", str(file), str(tmp_path / "muka"))
    sheet = Image.open(tmp_path / "muka.png").convert("L")
    across, down = sheet.size
    corners = (-40, -25, 15, down + 30, across + 50, down - 10, across - 20, 30)
    sheet = sheet.transform(sheet.size, Image.Transform.QUAD, corners, Image.Resampling.BILINEAR, fillcolor=200)
    sheet = sheet.rotate(3, Image.Resampling.BILINEAR, fillcolor=200).filter(ImageFilter.GaussianBlur(0.7))
    light = Image.linear_gradient("L").resize(sheet.size).point(lambda shade: 130 + shade * 125 // 255)
    ImageChops.multiply(sheet, light).save(photo, quality=50)
    seen = run(tool("zbarimg", "zbar-tools"), "--quiet", "--raw", str(photo)).strip()
    assert seen == address(facts.verify_url, facts.proof)
    assert proof.unpacked(seen.partition("#")[2]) == facts.proof
