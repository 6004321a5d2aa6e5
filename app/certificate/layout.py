"""Where everything stands on the two pages of a certificate: facts in, positioned shapes out, no printer in sight."""

from app.certificate import picture
from app.certificate.code import grouped
from app.certificate.fonts.fitting import Measure, fitted
from app.certificate.fonts.motifs import (
    DEEP,
    EDGE,
    INK,
    INK_2,
    MANGROVE,
    MARK,
    MARK_SIZE,
    MOTIF_SIZE,
    ON_DEEP,
    ROPE_WIDTH,
    WHITE,
    Path,
    buoy,
    motif,
    plank,
    rope,
    village,
    walkway,
)
from app.certificate.proof import address
from app.certificate.rules import PASSED, WORDS, Facts, date_range, long_date
from app.certificate.sheet import FRAME, HEIGHT, WIDTH, Page, Picture, Qr, Sheet

LEFT, RIGHT = 70.0, WIDTH - 70.0
QR_SIZE = 144.0  # 51 mm: a square of the signed facts is then wide enough for a cheap camera
VILLAGE = 18 * 19 - 2.0  # eighteen planks
LIST = 452.0  # how wide the list of modules on the back is

_LOGO = 132.0, 46.0  # the most room that the sign of an agency takes
_LETTER = "Surat Keterangan Keikutsertaan"
# What each kind of signer lets the paper claim, and never more. An official gets it before there is a signature.
_CLAIMS = {
    "none": "%s ini diterbitkan oleh sistem. Keabsahannya diperiksa melalui kode QR.",
    "pades": "Berkas PDF ini bertanda tangan digital dari sistem penerbit. Periksa lewat pembaca PDF atau kode QR.",
    "external": "Berkas PDF ini hanya sah dengan tanda tangan elektronik pejabat penerbit. Periksa lewat pembaca PDF.",
}
_NOTE = (
    "Siapa pun yang memeriksa kode ini melihat status %s dan data yang tercetak di kedua halamannya. "
    "Surel, kelurahan, usia, dan jawaban tes tidak terlihat."
)


def compose(facts: Facts, measure: Measure) -> tuple[Page, Page]:
    """The front, which is framed, and the back, which lists what was learned."""
    return _front(facts, measure), _back(facts, measure)


def _front(facts: Facts, measure: Measure) -> Page:
    """Who learned what, for the wall."""
    sheet = Sheet(measure)
    sheet.drawing(rope(len(facts.modules)), WIDTH - FRAME - 5 - ROPE_WIDTH, HEIGHT - FRAME - 5)
    sheet.drawing(village(VILLAGE), RIGHT - VILLAGE, 104)
    sheet.sea(84)
    _head(sheet, facts)
    if facts.kind == PASSED:
        sheet.words("SERTIFIKAT", LEFT, 448, 32, 400, font="bold", color=DEEP, tag="H1", tracking=2.6)
    else:
        sheet.words(_LETTER.upper(), LEFT, 448, 24, 560, font="bold", color=DEEP, tag="H1", tracking=0.8)
    later = f"edisi {facts.edition}, menggantikan edisi sebelumnya" if facts.edition > 1 else ""
    sheet.words(_listed(f"Nomor {facts.number}", later), LEFT, 428, 11, 560, color=INK_2)
    _award(sheet, facts)
    _details(sheet, facts)
    _issuer(sheet, facts)
    sheet.shapes.append(Qr(RIGHT - QR_SIZE, 131, QR_SIZE, address(facts.verify_url, facts.proof), DEEP))
    sheet.words(grouped(facts.code), RIGHT - QR_SIZE / 2, 112, 9.5, QR_SIZE, font="bold", align=0.5)
    sheet.words(claim(facts), LEFT, 46, 9.5, 410, color=WHITE)
    sheet.words(facts.verify_url, RIGHT, 46, 9, RIGHT - LEFT - 430, color=ON_DEEP, align=1, link=True)
    return Page(tuple(sheet.shapes))


def _head(sheet: Sheet, facts: Facts) -> None:
    """Whose paper it is: the agency's own sign if it has one, else our mark, but no emblem that we bring along."""
    side = 38.0
    if facts.logo:
        wide, high = picture.size(facts.logo)
        scale = min(_LOGO[0] / wide, _LOGO[1] / high)
        side = wide * scale
        sheet.shapes.append(Picture(LEFT, 526 - high * scale / 2, side, high * scale, facts.logo))
    else:
        sheet.drawing(MARK, LEFT, 545, side / MARK_SIZE)
    x = LEFT + side + 12
    sheet.words(facts.agency, x, 530, 12, 510 - x, font="bold", color=DEEP)
    sheet.words(_listed(facts.unit, facts.programme), x, 514, 9.5, 510 - x, color=INK_2)


def claim(facts: Facts) -> str:
    """What the paper says of its own proof."""
    said = _CLAIMS[facts.signer]
    return said % WORDS[facts.kind] if "%s" in said else said


def _award(sheet: Sheet, facts: Facts) -> None:
    """The name on its walkway and the course, with the air between them shared out evenly."""
    width, top, foot = RIGHT - LEFT, 412.0, 252.0
    name = fitted(facts.holder_name, "bold", width, ((42, 27), (29, 20), (21, 0)), sheet.measure, 1.16)
    title = fitted(facts.course_title, "bold", width - QR_SIZE - 14, ((21, 15), (16, 13), (13, 0)), sheet.measure, 1.22)
    air = (top - foot - 11 - name.height - 22 - 11 - title.height) / 4
    y = top - air
    sheet.words("Diberikan kepada", LEFT, y - 9, 11.5, width, color=INK_2)
    y -= 11 + air * 0.6
    sheet.block(name, LEFT, y, DEEP, "H2")
    y -= name.height + 6
    sheet.drawing(walkway(len(facts.modules)), LEFT, y)
    y -= 16 + air
    x = LEFT
    passed = (("telah mengikuti dan dinyatakan ", "regular", INK_2), ("LULUS ", "bold", MANGROVE))
    attended = (("telah mengikuti ", "regular", INK_2),)
    for part, font, color in (*(passed if facts.kind == PASSED else attended), ("pelatihan", "regular", INK_2)):
        sheet.words(part, x, y - 9, 11.5, width, font=font, color=color, joined=x > LEFT)
        x += sheet.measure(part, font, 11.5)
    y -= 11 + air * 0.6
    sheet.block(title, LEFT, y, INK, "H3")


def _details(sheet: Sheet, facts: Facts) -> None:
    """When, how, how much and how well."""
    x = LEFT
    for label, value, width in (
        ("Pelaksanaan", date_range(facts.started_on, facts.finished_on), 204.0),
        ("Metode", _capital(facts.method), 116.0),
        ("Jumlah", f"{facts.jp} JP ({facts.jp * facts.minutes_per_jp} menit)", 120.0),
        *([("Predikat", facts.grade, 118.0)] if facts.grade else []),
    ):
        sheet.words(label, x, 222, 9, width - 14, color=INK_2)
        sheet.words(value, x, 207, 11.5, width - 14, font="bold", joined=True)
        x += width


def _issuer(sheet: Sheet, facts: Facts) -> None:
    """The place, the day and who answers for the paper; without a configured official, the agency does."""
    width = 350.0
    sheet.words(f"{facts.place}, {long_date(facts.issued_on)}", LEFT, 170, 11, width)
    if facts.signatory_name:
        sheet.words(facts.signatory_title, LEFT, 155, 11, width)
        sheet.words(facts.signatory_name, LEFT, 117, 12, width, font="bold")
        if facts.signatory_nip:
            sheet.words(f"NIP {facts.signatory_nip}", LEFT, 103, 10, width, color=INK_2)
    else:
        sheet.words("Diterbitkan oleh", LEFT, 142, 10, width, color=INK_2)
        sheet.words(facts.agency, LEFT, 126, 12, width, font="bold")
        sheet.words(facts.programme, LEFT, 111, 10, width, color=INK_2)


def _back(facts: Facts, measure: Measure) -> Page:
    """What was learned, and how to check it."""
    sheet = Sheet(measure)
    sheet.sea(68)
    sheet.drawing(MARK, LEFT, 545, 30 / MARK_SIZE)
    sheet.words("Daftar materi", LEFT + 42, 522, 22, 400, font="bold", color=DEEP, tag="H1")
    title = fitted(facts.course_title, "bold", LIST, ((13, 10), (10.5, 0)), measure)
    sheet.block(title, LEFT, 501, INK, "H2")
    level = facts.level_label and f"tingkat {facts.level_label}"
    about = _listed(f"Kode kursus {facts.course_code}", f"versi {facts.version}", level)
    sheet.words(about, LEFT, 501 - title.height - 14, 9, LIST, color=INK_2)
    _modules(sheet, facts)
    _result(sheet, facts)
    sheet.words("Periksa di ", LEFT, 43, 9, 60, color=ON_DEEP)
    start = LEFT + measure("Periksa di ", "regular", 9)
    sheet.words(facts.verify_url, start, 43, 9, 470, color=WHITE, joined=True, link=True)
    sheet.words(f"Kode {grouped(facts.code)}", RIGHT, 43, 9.5, 160, font="bold", color=WHITE, joined=True, align=1)
    return Page(tuple(sheet.shapes))


def _modules(sheet: Sheet, facts: Facts) -> None:
    """A line for each module, its float on the rope: every float is full, for every module is done."""
    top, foot, count = 432.0, 92.0, len(facts.modules)
    step = min(36.0, (top - foot) / (count + 1))
    size, radius = min(11.0, step * 0.56), min(8.5, step * 0.42)
    drop = step / 2 + size * 0.36  # from the upper edge of a line to the words' baseline
    title_x, digcomp_x, pillar_x, jp_x = LEFT + 26, LEFT + 300, LEFT + 362, LEFT + LIST
    for x, head, align in ((title_x, "Modul", 0), (digcomp_x, "DigComp", 0), (pillar_x, "Pilar", 0), (jp_x, "JP", 1)):
        sheet.words(head, x, top + 7, 8.5, 60, color=INK_2, joined=x > title_x, align=align)
    if count > 1:
        sheet.drawing((Path(plank(7.9, step / 2, 1.2, step * (count - 1)), DEEP),), LEFT, top)
    for number, module in enumerate(facts.modules):
        upper = top - number * step
        sheet.drawing((Path(plank(26, 0, LIST - 26, 0.7), EDGE),), LEFT, upper)
        sheet.drawing((Path(buoy(8.5, step / 2, radius), MANGROVE),), LEFT, upper)
        figure, base = radius * 1.15, upper - drop
        sheet.words(
            str(module.number), LEFT + 8.5, upper - step / 2 - figure * 0.36, figure, radius * 1.7,
            font="bold", color=WHITE, align=0.5,
        )  # fmt: skip
        title = fitted(module.title, "regular", 264, ((size, size * 0.86), (size * 0.8, 0)), sheet.measure, 1.12)
        sheet.block(title, title_x, upper - (step - title.height) / 2 - size * 0.06, joined=True)
        sheet.words(module.digcomp, digcomp_x, base, size, 56, joined=True)
        sign = size * 1.4
        sheet.drawing(motif(module.pillar), pillar_x, upper - (step - sign) / 2, sign / MOTIF_SIZE)
        sheet.words(_capital(module.pillar), pillar_x + sign + 5, base, size, 62 - sign, joined=True)
        sheet.words(str(module.jp), jp_x, base, size, 22, font="bold", joined=True, align=1)
    upper = top - count * step
    sheet.drawing((Path(plank(0, 0, LIST, 1.8), DEEP),), LEFT, upper)
    sheet.words("Jumlah jam pelajaran (JP)", title_x, upper - drop, size, 260, font="bold")
    sheet.words(str(facts.jp), jp_x, upper - drop, size, 60, font="bold", joined=True, align=1)


def _result(sheet: Sheet, facts: Facts) -> None:
    """How it went, and what a stranger will be shown, beside the list."""
    x = LEFT + LIST + 42
    width, y = RIGHT - x, 545.0
    # A no-break space keeps the code of a competence with its first word.
    competences = "; ".join(item.replace(" ", "\u00a0", 1) for item in facts.digcomp_list)
    for label, value, lines in (
        ("Nama", facts.holder_name, 3),
        ("Nomor", facts.number, 2),
        ("Pelaksanaan", date_range(facts.started_on, facts.finished_on), 2),
        *(_passed(facts) if facts.kind == PASSED else ()),
        ("Jam pelajaran", f"1 JP = {facts.minutes_per_jp} menit", 1),
        ("Kompetensi DigComp 3.0", competences, 6),
    ):
        block = fitted(value, "bold", width, ((10, 9.6),) * (lines - 1) + ((9.6, 0),), sheet.measure, 1.25)
        sheet.words(label, x, y - 8, 8.5, width, color=INK_2)
        sheet.block(block, x, y - 12, joined=True)
        y -= 12 + block.height + 10
    told = _NOTE % WORDS[facts.kind].lower()
    note = fitted(told, "regular", width, ((8.5, 8.5),) * 8 + ((8.5, 0),), sheet.measure, 1.34)
    sheet.block(note, x, 90 + note.height, INK_2)


def _passed(facts: Facts) -> tuple[tuple[str, str, int], ...]:
    """How well, against which mark."""
    return ("Predikat", facts.grade, 2), ("Ambang lulus", f"Nilai {facts.pass_mark} dari 100", 1)


def _listed(*parts: str) -> str:
    """What there is, with a dot between."""
    return " · ".join(part for part in parts if part)


def _capital(text: str) -> str:
    """The same words with a capital first, and the rest as they are."""
    return text[:1].upper() + text[1:]
