"""What the answers of a QTI item are worth: which are right, by how much, in our rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm

from app.course.readings import folded
from app.errors import N_
from app.exchange.course_text import number_words
from app.exchange.making import weighed
from app.exchange.qti_scoring import Scoring
from app.exchange.qti_sums import Known, Term
from app.exchange.qti_tree import Response, figure
from app.exchange.safe_xml import Node
from app.exchange.sketch import Entry, Unfit

_ONE, _ZERO = Fraction(1), Fraction(0)
_NO_KEY = N_("Soal ini tidak menyebut jawaban yang benar.")
_NO_RESPONSE = N_("Interaksi ini tidak punya pernyataan jawaban (responseDeclaration).")
_UNSCORED = N_("Cara menilai soal ini tidak memakai jawaban “%(name)s”.")
_ORDERED = N_("Jawaban “%(name)s” berurutan atau berupa rekaman, yang di sini tidak punya tempat.")
_NOT_A_NUMBER = N_("Jawaban “%(value)s” bukan angka, padahal isian ini meminta angka.")
PARTIAL = N_(
    "Di berkas asal hanya jawaban yang seluruhnya benar yang bernilai; di sini sebagian benar bernilai sebagian."
)
UNSTATED = N_("Berkas tidak menyebut cara menilai; kami memakai kunci yang tertulis.")
CASE = N_("Di berkas asal huruf besar dan kecil dibedakan; di sini tidak.")
PENALTY = N_("Di berkas asal jawaban yang salah mengurangi nilai; di sini hanya tidak bernilai.")
_CAPPED = N_("Di soal ini sebagian jawaban saja sudah bernilai penuh, yang di sini tidak punya tempat.")
CLAMPED = N_("Sebagian bobot di luar -100 sampai 100 persen dan dibatasi.")


@dataclass(slots=True)
class Answers:
    """The declared answers of one item and how it scores them."""

    responses: dict[str, Response]
    scoring: Scoring
    own: bool
    notes: list[str]

    def response(self, interaction: Node) -> Response:
        """The answer this interaction gives."""
        found = self.responses.get(interaction.get("responseIdentifier", ""))
        if found is None:
            raise Unfit(_NO_RESPONSE, line=interaction.line)
        return found

    def term(self, response: Response) -> Term:
        """What this answer adds to the score."""
        found = self.scoring.terms.get(response.id)
        if found is None:
            raise Unfit(_UNSCORED, name=response.id[:80])
        if not self.scoring.stated:
            self.notes.append(UNSTATED)
        if found.whole:
            self.notes.append(PARTIAL)
        return found

    def weight(self, response: Response) -> Fraction:
        """The most this answer adds to the score."""
        term = self.term(response)
        values = [_ONE]
        if term.how == "mapped" and response.mapping:
            values = [*response.mapping.entries.values(), response.mapping.default]
            if response.mapping.upper is not None:
                values = [min(value, response.mapping.upper) for value in values]
        elif term.how == "table":
            values = list(term.table.values())
        most = max(values, default=_ZERO)
        if most <= 0:
            raise Unfit(_NO_KEY)
        return most * term.factor

    def chosen(self, response: Response, names: Sequence[str], entries: Sequence[Entry], several: bool) -> list[Entry]:
        """The options with what each is worth; `names` are their identifiers."""
        if response.cardinality in ("ordered", "record"):
            raise Unfit(_ORDERED, name=response.id[:80])
        if self.own:
            return [
                replace(entry, correct=name in response.correct) for name, entry in zip(names, entries, strict=True)
            ]
        term = self.term(response)
        if term.how == "correct" or (term.how == "mapped" and response.mapping is None):
            if not set(response.correct) & set(names):
                raise Unfit(_NO_KEY)
            if several:
                self.notes.append(PARTIAL)
            return [
                replace(entry, correct=name in response.correct) for name, entry in zip(names, entries, strict=True)
            ]
        values = [self._value(term, response, name) for name in names]
        if min(values, default=_ZERO) < 0 and not (response.mapping and response.mapping.lower is not None):
            self.notes.append(PENALTY)
        gained = sum((value for value in values if value > 0), _ZERO)
        scale = gained if several else max(values, default=_ZERO)
        if several and term.how == "mapped" and response.mapping and response.mapping.upper:
            scale = min(gained, response.mapping.upper)
        if scale <= 0:
            raise Unfit(_NO_KEY)
        worths = [_near(value / scale) for value in values]
        if any(abs(worth) > 1 for worth in worths):
            self.notes.append(CLAMPED)
        held = [
            replace(entry, worth=max(-_ONE, min(_ONE, worth))) for entry, worth in zip(entries, worths, strict=True)
        ]
        return list(weighed(held, several=several))

    def _value(self, term: Term, response: Response, name: str) -> Fraction:
        if term.how == "table":
            return next((worth for known, worth in term.table.items() if known.words == name), _ZERO)
        assert response.mapping is not None
        return response.mapping[name]

    def accepted(self, response: Response) -> list[Entry]:
        """The answers that count, for words or a number that are written."""
        term = self.term(response)
        values: dict[Known, Fraction]
        if term.how == "table":
            values = dict(term.table)
        elif term.how == "mapped" and response.mapping:
            values = {Known(name): worth for name, worth in response.mapping.entries.items()}
            if response.mapping.default > 0:
                values[Known("*")] = response.mapping.default
        else:
            values = {Known(name): _ONE for name in response.correct}
        most = max(values.values(), default=_ZERO)
        if most <= 0:
            raise Unfit(_NO_KEY)
        number = response.base in ("float", "integer")
        if min(values.values()) < 0 or (response.mapping and response.mapping.default < 0):
            self.notes.append(PENALTY)
        if not number:
            values = self._folded(values)
        entries = [self._known(known, _near(max(worth, _ZERO) / most), number) for known, worth in values.items()]
        return list(weighed(entries))

    def _folded(self, values: dict[Known, Fraction]) -> dict[Known, Fraction]:
        """Words that are the same to us count once, with the best of their worths."""
        found: dict[str, Known] = {}
        for known, worth in values.items():
            key = folded(known.words) or known.words
            if key not in found or worth > values[found[key]]:
                found[key] = known
        if len(found) < len(values):
            self.notes.append(CASE)
        return {known: values[known] for known in found.values()}

    def paired(self, response: Response) -> dict[str, Fraction]:
        """The pairs that count, with what each adds; alike where only all of them count."""
        term = self.term(response)
        if term.how == "table":
            return {known.words: worth for known, worth in term.table.items() if worth > 0}
        if term.how != "mapped" or response.mapping is None:
            self.notes += [PARTIAL] if self.scoring.stated else []
            return dict.fromkeys(response.correct, _ONE)
        mapping = response.mapping
        good = {pair: worth for pair, worth in mapping.entries.items() if worth > 0}
        if min((*mapping.entries.values(), mapping.default)) < 0:
            self.notes.append(PENALTY)
        if mapping.upper is not None and mapping.upper < sum(good.values()):
            raise Unfit(_CAPPED)
        return good or dict.fromkeys(response.correct, _ONE)

    def _known(self, known: Known, worth: Fraction, number: bool) -> Entry:
        if known.words == "*":
            return Entry("*", worth=worth)
        if not number:
            return Entry(known.words.replace("*", "\\*"), worth=worth)
        value = figure(known.words)
        if value is None:
            raise Unfit(_NOT_A_NUMBER, value=known.words[:80])
        return Entry(number_words(value), worth=worth, tolerance=known.tolerance or None)


def shares(worths: Sequence[Fraction]) -> list[Fraction]:
    """Weights in whole numbers, as small as they can be: 1/3 and 1/2 weigh 2 and 3."""
    whole = lcm(*(worth.denominator for worth in worths))
    numbers = [int(worth * whole) for worth in worths]
    return [Fraction(number, gcd(*numbers)) for number in numbers]


def _near(value: Fraction) -> Fraction:
    """A third, where a file could only write 0.333333."""
    simple = value.limit_denominator(60)
    return simple if abs(simple - value) < Fraction(1, 100_000) else value
