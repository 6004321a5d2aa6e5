"""Certificates in one process, beside bare ReportLab with the same fonts and QR code; and the floor's tables."""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from reportlab.graphics.barcode import qrencoder
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app import clock
from app.certificate import keys, pdf, proof
from app.certificate.code import grouped, new_code
from app.certificate.layout import compose
from app.certificate.rules import Facts, ModuleLine
from app.certificate.signing import signer
from bench.machine import ROOT
from config import from_env
from tests.certificate.authority import PASSWORD, Authority

FONTS = ROOT / "app" / "certificate" / "fonts"
URL = "https://belajar.contoh/sertifikat/"


def prepare_floor(env: dict[str, str]) -> None:
    """Makes the floor's tables in a process of its own, since its module reads the environment at import."""
    line = [sys.executable, "-c", "from bench.floor import prepare; prepare()"]
    subprocess.run(line, cwd=ROOT, env={**os.environ, **env}, check=True)


def facts() -> Facts:
    """A certificate like those of the first course; each has a code of its own, and so its own QR code to draw."""
    code = new_code()
    titles = ("Cara Kerja Penipu", "Telepon dan Pesan Palsu", "Berkas APK", "Janji Uang Mudah", "Jika Menjadi Korban")
    return Facts(
        holder_name="Sari Contoh",
        course_title="Kenali dan Tolak Penipuan Digital",
        course_code="K03",
        jp=5,
        minutes_per_jp=45,
        started_on=date(2026, 11, 1),
        finished_on=date(2026, 11, 23),
        issued_on=date(2026, 11, 23),
        number="CB/00042/CONTOH/XI/2026",
        code=code,
        verify_url=URL + grouped(code),
        grade="Memuaskan",
        method="daring mandiri",
        modules=tuple(ModuleLine(n, title, 1, "4.2", "aman") for n, title in enumerate(titles, 1)),
        pass_mark=80,
        agency="Cakap Bontang",
        unit="CONTOH",
        programme="Pelatihan Kompetensi Digital Warga",
        place="Bontang",
        signatory_name="",
        signatory_title="",
        signatory_nip="",
        digcomp_list=("4.1", "4.2"),
        level_label="Dasar 2",
        version=1,
    )


def proven(data: str) -> Facts:
    """The same with its facts signed for the QR code, by a key in this folder."""
    paper = facts()
    return replace(paper, proof=keys.sign({"DATA": data}, proof.claims(paper)))


def ours(data: str) -> bytes:
    paper = proven(data)
    return pdf.paint(compose(paper, pdf.measure), paper)


def bare(data: str) -> bytes:
    """ReportLab alone: two pages, two embedded fonts, the same words, the same QR as its encoder gives it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4), invariant=1)
    paper = proven(data)
    for page in range(2):
        canvas.setFont("lantai-tebal", 28)
        canvas.drawString(80, 500, "SERTIFIKAT")
        canvas.setFont("lantai", 12)
        for line, text in enumerate((paper.holder_name, paper.course_title, paper.number, paper.grade)):
            canvas.drawString(80, 450 - 20 * line, text)
        for line, module in enumerate(paper.modules):
            canvas.drawString(80, 300 - 20 * line, f"{module.number} {module.title} {module.jp} JP {module.digcomp}")
        if page == 0:
            code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.L)
            code.addData(proof.address(paper.verify_url, paper.proof))
            code.make()
            path = canvas.beginPath()
            for row in range(code.getModuleCount()):
                for column in range(code.getModuleCount()):
                    if code.isDark(row, column):
                        path.rect(600 + column * 3, 100 + row * 3, 3, 3)
            canvas.drawPath(path, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def rate(make: Callable[[], bytes], seconds: float = 2.0) -> tuple[float, float]:
    """Papers a second, and CPU milliseconds each."""
    count, cpu, begun = 0, time.process_time(), time.perf_counter()
    while time.perf_counter() - begun < seconds:
        make()
        count += 1
    return count / (time.perf_counter() - begun), (time.process_time() - cpu) * 1000 / count


def signing_rates(data: str, rounds: int) -> tuple[float, float]:
    """Papers signed a second, and how that compares with bare pyHanko with the same key, kept."""
    authority = Authority(Path(data))
    chosen = authority.settings()
    hand = signer("pades", from_env({"DATA": data, **chosen}), clock.now())
    paper = ours(data)
    key = signers.SimpleSigner.load_pkcs12(chosen["SIGNER_P12"], passphrase=PASSWORD)
    meta = signers.PdfSignatureMetadata(field_name="Lantai", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    floor = signers.PdfSigner(meta, key)

    def bare_hand() -> bytes:
        return floor.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(paper))).getvalue()

    found = [(rate(partial(hand.sign, paper))[0], rate(bare_hand)[0]) for _ in range(rounds)]
    return statistics.median(one for one, _ in found), statistics.median(one / other for one, other in found)


def run(rounds: int) -> None:
    """Prints the rows of certificates."""
    regular, bold = FONTS / "PlusJakartaSans-Regular.ttf", FONTS / "PlusJakartaSans-Bold.ttf"
    pdfmetrics.registerFont(TTFont("lantai", str(regular)))
    pdfmetrics.registerFont(TTFont("lantai-tebal", str(bold)))
    with TemporaryDirectory() as data:
        size = len(ours(data))
        bare(data)
        found = [(rate(partial(ours, data)), rate(partial(bare, data))) for _ in range(rounds)]
        signed, beside = signing_rates(data, rounds)
    mine = statistics.median(pair[0][0] for pair in found)
    floor = statistics.median(pair[1][0] for pair in found)
    cpu = statistics.median(pair[0][1] for pair in found)
    ratio = statistics.median(pair[0][0] / pair[1][0] for pair in found)
    print("\n### Sertifikat, satu proses\n")
    print("| | per detik | CPU ms | dibanding ReportLab saja |\n| --- | --- | --- | --- |")
    print(f"| sertifikat dua halaman, {size / 1024:.0f} KB | {mine:.0f} | {cpu:.1f} | {ratio:.2f} |")
    print(f"| lantai: ReportLab saja | {floor:.0f} | | |")
    print(f"| satu tanda tangan PAdES (dibanding pyHanko saja, kunci yang sama) | {signed:.0f} | | {beside:.2f} |")
