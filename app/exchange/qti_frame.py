"""What every item of QTI 3 has around its question: its answers, what is said to them, what only we understand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from xml.sax.saxutils import quoteattr

from app.course.item import Item, Option
from app.errors import N_
from app.exchange import qti_processing as rules
from app.exchange.qti_own import KNOWN_CLASS, TOOL
from app.exchange.qti_said import EXPLANATION
from app.exchange.qti_words import OWN_CLASS
from app.exchange.qti_xml import lines, tag, xhtml
from app.exchange.sketch import Unfit

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_STARS = N_("Jawaban dengan tanda * tidak dikenal sistem lain; di sana jawaban itu tidak dihitung.")
_PICTURELESS = N_("Gambar “%(file)s” tidak ada, sehingga soal ini tidak dapat ditulis.")


@dataclass(slots=True)
class Frame:
    """One question while it is written. `pictures` are addresses in the package by file of the course."""

    item: Item
    pictures: Mapping[str, str]
    notes: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    processing: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    template: str | None = None

    def whole(self, body: str) -> str:
        """The item around its body."""
        item = self.item
        self._explain()
        attributes = (
            f'xmlns="{NAMESPACE}" identifier={quoteattr(f"item-{item.id}")} title={quoteattr(item.stem or item.id)} '
            f'adaptive="false" time-dependent="false" xml:lang="id" tool-name="{TOOL}" tool-version="1"'
        )
        scored = (
            tag("response-processing", template=f"{rules.TEMPLATES}{self.template}.xml")
            if self.template and not self.processing
            else tag("response-processing", "\n", lines(self.processing), "\n")
        )
        return lines((
            '<?xml version="1.0" encoding="UTF-8"?>', f"<qti-assessment-item {attributes}>", *self.answers,
            rules.outcome("SCORE", "0"), rules.outcome("MAXSCORE", "1"), *self.outcomes,
            tag("item-body", "\n", lines((self.own(), body)), "\n"), scored, *self.replies,
            "</qti-assessment-item>\n",
        ))  # fmt: skip

    def own(self) -> str:
        """What QTI has no place for, where other systems pass it over."""
        item = self.item
        said = {
            "kind": item.kind, "bloom": item.bloom, "objective": str(item.objective or ""), "module": item.module,
            "digcomp": " ".join(item.digcomp), "status": item.status,
            "difficulty": "" if item.difficulty is None else repr(item.difficulty),
            "shuffle": str(item.shuffle).lower(),
        }  # fmt: skip
        data = "".join(f" data-{name}={quoteattr(value)}" for name, value in said.items() if value)
        content = tag("content-body", f"<div{data}></div>", *self.known)
        return tag("rubric-block", content, view="author", class_=OWN_CLASS)

    def html(self, html: str, **places: Callable[[str], str]) -> str:
        return xhtml(html, pictures=self.pictures, **places)

    def text(self, **places: Callable[[str], str]) -> str:
        """What stands below the question."""
        return f"<div>{self.html(self.item.html, **places)}</div>" if self.item.html else ""

    def stem(self) -> str:
        return tag("prompt", self.html(self.item.stem_html))

    def asked(self) -> str:
        return f'<p class="soal">{self.html(self.item.stem_html)}</p>'

    def _explain(self) -> None:
        if self.item.explanation_html:
            name = EXPLANATION.upper()
            self.outcomes.append(rules.outcome(name, EXPLANATION, base="identifier"))
            self.reply(name, EXPLANATION, self.item.explanation_html)

    def reply(self, outcome: str, name: str, html: str) -> None:
        content = tag("content-body", f"<p>{self.html(html)}</p>")
        self.replies.append(
            tag("modal-feedback", content, outcome_identifier=outcome, identifier=name, show_hide="show")
        )

    def tell(self, response: str, options: Sequence[Option]) -> bool:
        """What is said to the options; answers whether anything is."""
        told = [option for option in options if option.feedback_html]
        for option in told:
            self.reply(rules.feedback_of(response), rules.option_name(option), option.feedback_html)
        return bool(told)

    def choices(self, name: str, options: Sequence[Option]) -> list[str]:
        return [
            tag(name, self._shown(option), identifier=rules.option_name(option), data_worth=said_as(option.worth))
            for option in options
        ]

    def _shown(self, option: Option) -> str:
        if option.picture is None:
            return self.html(option.html)
        address = self.pictures.get(option.picture.file)
        if address is None:
            raise Unfit(_PICTURELESS, file=option.picture.file)
        return (
            f"<img src={quoteattr(address)} alt={quoteattr(option.picture.alt)}"
            f' width="{option.picture.width}" height="{option.picture.height}"/>'
        )

    def choice(self, response: str, options: Sequence[Option], several: bool) -> None:
        """Declares, scores and replies to one choice."""
        exact = not several and all(option.worth is None for option in options)
        correct = [rules.option_name(option) for option in options if option.correct]
        worths = None if exact else rules.chosen_worths(options, several)
        cardinality = "multiple" if several else "single"
        self.answers.append(rules.answer(response, correct, worths, base="identifier", cardinality=cardinality))
        said = self.tell(response, options)
        if said:
            self.outcomes.append(rules.outcome(rules.feedback_of(response), base="identifier", several=several))
        self.template = "match_correct" if exact else "map_response"
        if said:
            scored = rules.condition([(rules.right(response), rules.score(Fraction(1)))], rules.score(Fraction(0)))
            self.processing += [
                scored if exact else rules.put("SCORE", rules.mapped(response)),
                rules.put(rules.feedback_of(response), rules.variable(response)),
            ]

    def entry(self, response: str, kind: str, options: Sequence[Option], outcome: str) -> None:
        """Declares, scores and replies to something written; keeps all we know for ourselves."""
        self.answers.append(rules.written_answer(response, kind, options))
        said = self.tell(response, options)
        if said:
            self.outcomes.append(rules.outcome(rules.feedback_of(response), base="identifier"))
        self.processing.append(rules.written_rules(response, kind, options, outcome, said=said))
        if any(rules.starred(option) and option.text != "*" for option in options):
            self.notes.append(_STARS)
        for option in options:
            data = {"response": response, "words": option.text, "id": option.id, "correct": flag(option.correct),
                    "worth": said_as(option.worth), "tolerance": said_as(option.tolerance)}  # fmt: skip
            kept = "".join(f" data-{name}={quoteattr(value)}" for name, value in data.items() if value is not None)
            self.known.append(f'<div class="{KNOWN_CLASS}"{kept}>{self.html(option.feedback_html)}</div>')


def flag(value: bool) -> str:
    return "true" if value else "false"


def said_as(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
