"""The report: every table of the page and of the file, after suppression. Pure: figures in, published cells out.

Screen and file are made from the same rows, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.accounts import regions
from app.accounts.people import AGE_KEYS, GENDER_KEYS, age_band_label, gender_label
from app.errors import N_
from app.stats.columns import Column, Counts, Groups, columns, follow, people
from app.stats.intervals import Interval, mean_interval
from app.stats.rules import Cell, Figures, Gain
from app.stats.suppression import TOTAL, Published, Table, suppress_linked

Place = tuple[str, str, str]
NOTHING = Figures()
# What the report reads of the totals.
BREAKDOWNS = ("", "region", "gender", "age", "region+gender", "region+age")

# Code, label, unit, definition of each measure, in the order of the columns.
MEASURES: tuple[tuple[str, str, str, str], ...] = (
    ("registered", N_("Peserta terdaftar"), N_("orang"), N_("Akun peserta yang dibuat pada periode ini.")),
    (
        "active",
        N_("Peserta aktif"),
        N_("orang"),
        N_("Orang berbeda yang mengikuti kursus, menyelesaikan materi, atau mengumpulkan kuis pada periode ini."),
    ),
    ("learners", N_("Peserta unik"), N_("orang"), N_("Orang berbeda yang mulai mengikuti kursus pada periode ini.")),
    ("enrolled", N_("Pendaftaran kursus"), N_("pendaftaran"), N_("Pendaftaran kursus yang dimulai pada periode ini.")),
    (
        "completed",
        N_("Selesai"),
        N_("pendaftaran"),
        N_("Pendaftaran yang semua modulnya selesai dan tes akhirnya lulus pada periode ini."),
    ),
    ("tested", N_("Ikut tes akhir"), N_("orang"), N_("Peserta kursus yang pertama kali mengumpulkan tes akhir.")),
    ("passed", N_("Lulus"), N_("orang"), N_("Peserta kursus yang pertama kali lulus tes akhir.")),
    ("jp", N_("Jumlah JP"), N_("JP"), N_("JP modul yang selesai. 1 JP = 45 menit.")),
    ("certificates", N_("Sertifikat"), N_("lembar"), N_("Sertifikat terbit dikurangi yang dicabut.")),
)
GAIN = (
    "gain",
    N_("Peningkatan belajar"),
    N_("poin"),
    N_(
        "Median nilai tes akhir pertama dikurangi tes awal."
        " Hanya peserta dengan kedua nilai, paling sedikit 10 pasangan."
        " Interval kepercayaan 95 persen adalah rata-rata ± t × simpangan baku ÷ √n, dibulatkan ke luar:"
        " dari 20 rekap seperti ini, kira-kira 19 memuat rata-rata yang sebenarnya."
    ),
)
# Numbers of different people, who may stand in several courses.
_PEOPLE = frozenset({"registered", "active", "learners"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    key: str
    label: str
    kind: str  # "row", "group" or "total"
    cells: Mapping[str, Cell]
    gain: Gain | None = None
    number: int = 0
    interval: Interval | None = None  # of the mean gain, in the line that counts everybody


@dataclass(frozen=True, slots=True)
class Section:
    """One table: what its lines are, and the lines."""

    key: str
    title: str
    rows: tuple[Row, ...]
    columns: tuple[tuple[str, str], ...]  # code and label
    gains: bool = True

    @property
    def most(self) -> int:
        """The largest shown value of the first column among plain rows, for the bars."""
        first = self.columns[0][0]
        return max((row.cells[first].value or 0 for row in self.rows if row.kind == "row"), default=0)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one period and scope has to say."""

    total: Figures
    heads: Mapping[str, Cell]  # the city's total of each measure
    sections: tuple[Section, ...]
    learners: Mapping[str, Cell] = field(default_factory=dict)  # by kelurahan, for the map


def build(
    figures: Mapping[Place, Figures],
    scopes: Mapping[str, Figures],
    names: Mapping[str, str],
    groups: Groups,
    detail: str,
) -> Report:
    """The report from the figures of one period and scope.

    `figures` by (breakdown, key, sub), `scopes` the totals of pillars and courses, `names` what each scope is called,
    `groups` the courses of each pillar, `detail` the second dimension of the two-way table: "gender", "age" or "".
    """
    total = figures.get(("", "", ""), NOTHING)
    by_gender, by_age = suppress_linked((_two_way(figures, "gender", GENDER_KEYS), _two_way(figures, "age", AGE_KEYS)))
    learners = {"gender": by_gender, "age": by_age}
    tables = _tables(figures, scopes, names, groups, by_gender, by_age)
    courses = [name for name in names if name.startswith("kursus:")]
    sections = [
        Section("region", N_("Menurut kelurahan"), _regions(figures, tables["region"]), _columns()),
        *([_crossed(learners[detail], detail)] if detail in learners else []),
        _listed(figures, "age", N_("Menurut kelompok usia"), AGE_KEYS, age_band_label, tables["age"]),
        _listed(figures, "gender", N_("Menurut jenis kelamin"), GENDER_KEYS, gender_label, tables["gender"]),
        _by_scope(scopes, groups, "pillar", N_("Menurut pilar"), names, tables.get("course", {})),
        _by_scope(scopes, courses, "course", N_("Menurut kursus"), names, tables.get("course", {})),
    ]
    shown = {code: tables["region"]["learners"][code] for code in regions.CODES}
    return Report(total, _line(tables["region"], TOTAL), tuple(section for section in sections if section.rows), shown)


def _columns() -> tuple[tuple[str, str], ...]:
    order = ("learners", "registered", "active", "enrolled", "completed", "tested", "passed", "jp", "certificates")
    labels = {code: label for code, label, *_ in MEASURES}
    return tuple((code, labels[code]) for code in order)


def _two_way(figures: Mapping[Place, Figures], second: str, keys: Sequence[str]) -> Table:
    counts = {
        (region, sub): max(0, figures.get((f"region+{second}", region, sub), NOTHING).learners)
        for region in regions.CODES
        for sub in keys
    }
    return Table(regions.CODES, tuple(keys), counts, regions.GROUPS)


def _tables(
    figures: Mapping[Place, Figures],
    scopes: Mapping[str, Figures],
    names: Mapping[str, str],
    groups: Groups,
    by_gender: Published,
    by_age: Published,
) -> dict[str, dict[str, Column]]:
    """By table and measure: the column."""
    found: dict[str, dict[str, Column]] = {"region": {}, "age": {}, "gender": {}, "course": {}}
    learners: dict[str, Mapping[str, int]] = {}

    def counts(breakdown: str, keys: Iterable[str], code: str) -> dict[str, int]:
        return {key: max(0, getattr(figures.get((breakdown, key, ""), NOTHING), code)) for key in keys}

    def totals(places: Iterable[str], code: str) -> dict[str, int]:
        return {place: max(0, getattr(scopes.get(place, NOTHING), code)) for place in places}

    courses = [name for name in names if name.startswith("kursus:")]
    for code, *_ in MEASURES:
        made = {
            "region": Counts(counts("region", regions.CODES, code), regions.GROUPS),
            "age": Counts(counts("age", AGE_KEYS, code)),
            "gender": Counts(counts("gender", GENDER_KEYS, code)),
        }
        if code in _PEOPLE:
            found["course"][code] = people(totals(courses, code), totals(groups, code), groups)
        elif scopes:
            made["course"] = Counts(totals(courses, code), groups)
        for table, column in zip(made, columns(*made.values()), strict=True):
            found[table][code] = column
        if code == "learners":
            learners = {table: one.values for table, one in made.items()}
            learners["course"] = totals((*courses, *groups), code)
    found["region"]["learners"] = by_gender.column()
    found["age"]["learners"], found["gender"]["learners"] = _bottom(by_age), _bottom(by_gender)
    if not scopes:
        del found["course"]
    for table, line in found.items():
        line["active"] = follow(line["active"], line["learners"], learners[table])
        # Twelve enrollments in three courses are at least four people.
        line["enrolled"] = follow(line["enrolled"], line["learners"])
        # Whoever completed a course has its lesson hours: a sum of them can say how many did.
        line["jp"] = follow(follow(line["jp"], line["active"]), line["completed"])
    return found


def _line(columns: Mapping[str, Column], key: str) -> dict[str, Cell]:
    return {code: column[key] for code, column in columns.items()}


def _regions(figures: Mapping[Place, Figures], columns: Mapping[str, Column]) -> tuple[Row, ...]:
    def row(key: str, label: str, number: int) -> Row:
        gain = figures.get(("region", key, ""), NOTHING).gain
        return Row(key, label, "row", _line(columns, key), gain, number)

    rows = []
    for district in regions.KECAMATAN:
        gains = [figures.get(("region", code, ""), NOTHING).gains for code in regions.GROUPS[district.code]]
        rows.append(
            Row(district.code, district.name, "group", _line(columns, district.code), sum(gains[1:], gains[0]).gain)
        )
        rows += [row(at.code, at.name, at.number) for at in regions.KELURAHAN if at.kecamatan == district.code]
    rows.append(row(regions.OUTSIDE, regions.OUTSIDE_NAME, 16))
    rows.append(_total(figures, columns))
    return tuple(rows)


def _total(figures: Mapping[Place, Figures], columns: Mapping[str, Column]) -> Row:
    total = figures.get(("", "", ""), NOTHING)
    return Row(TOTAL, N_("Jumlah"), "total", _line(columns, TOTAL), total.gain, interval=gain_interval(total))


def gain_interval(figures: Figures) -> Interval | None:
    """The interval of the mean raw gain; gains lie between -100 and 100 points."""
    return mean_interval(figures.gains.histogram, -100, 100)


def _crossed(published: Published, detail: str) -> Section:
    """Learners by kelurahan and a second dimension."""
    keys, name = (GENDER_KEYS, gender_label) if detail == "gender" else (AGE_KEYS, age_band_label)
    places: list[tuple[str, str, str, int]] = []
    for district in regions.KECAMATAN:
        places.append((district.code, district.name, "group", 0))
        places += [(at.code, at.name, "row", at.number) for at in regions.KELURAHAN if at.kecamatan == district.code]
    places += [(regions.OUTSIDE, regions.OUTSIDE_NAME, "row", 16), (TOTAL, N_("Jumlah"), "total", 0)]
    columns = ((TOTAL, N_("Peserta unik")), *((key, name(key)) for key in keys))
    rows = tuple(
        Row(place, label, kind, {code: published[(place, code)] for code, _ in columns}, None, number)
        for place, label, kind, number in places
    )
    title = N_("Peserta unik menurut kelurahan dan jenis kelamin")
    if detail == "age":
        title = N_("Peserta unik menurut kelurahan dan kelompok usia")
    return Section(f"region+{detail}", title, rows, columns, gains=False)


def _bottom(published: Published) -> Column:
    """The bottom line of a two-way table, as a column."""
    return {column: cell for (place, column), cell in published.cells.items() if place == TOTAL}


def _listed(
    figures: Mapping[Place, Figures],
    breakdown: str,
    title: str,
    keys: Sequence[str],
    name: Callable[[str], str],
    columns: Mapping[str, Column],
) -> Section:
    rows = [
        Row(key, name(key), "row", _line(columns, key), figures.get((breakdown, key, ""), NOTHING).gain) for key in keys
    ]
    rows.append(_total(figures, columns))
    return Section(breakdown, title, tuple(rows), _columns())


def _by_scope(
    scopes: Mapping[str, Figures],
    places: Iterable[str],
    key: str,
    title: str,
    names: Mapping[str, str],
    columns: Mapping[str, Column],
) -> Section:
    """Pillars or courses that have figures."""
    rows = tuple(
        Row(place, names[place], "row", _line(columns, place), scopes[place].gain)
        for place in places
        if place in scopes
    )
    return Section(key, title, rows, tuple(column for column in _columns() if column[0] != "registered"))
