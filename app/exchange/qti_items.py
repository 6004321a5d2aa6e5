"""A question of ours as an item of QTI 3; what QTI scores otherwise than we do is said in a note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from app.course.asking import settled
from app.course.item import REASON, VERDICT, Kind, Option, Part
from app.errors import N_
from app.exchange import qti_processing as rules
from app.exchange.qti_frame import Frame, flag
from app.exchange.qti_xml import lines, tag
from app.exchange.sketch import Unfit

_ORDER = N_("QTI menilai urutan hanya jika seluruhnya benar; nilai sebagian kita tidak ikut.")
_VERDICT = N_("Alasan dinilai bersama pernyataannya dengan aturan tertulis; tidak semua sistem membacanya.")
_UNMARKED = N_("Kata “%(words)s” tidak ditandai di dalam pesannya, sehingga tidak dapat ditulis sebagai QTI.")
_PAIR = N_("Pasangan “%(words)s” tidak punya tepat satu kunci tanpa bobot, yang tidak dapat ditulis sebagai QTI.")


class Writing(Frame):
    """One question while it is written, by its kind."""

    def write(self) -> str:
        """The item. Raises Unfit where QTI cannot hold it."""
        return self.whole(_WRITERS[self.item.kind](self))

    # Kinds that are answered by choosing.

    def chosen(self) -> str:
        """One or several of the options."""
        item = self.item
        self.choice(rules.RESPONSE, item.options, item.several)
        interaction = tag(
            "choice-interaction", "\n", lines((self.stem(), *self.choices("simple-choice", item.options))), "\n",
            response_identifier=rules.RESPONSE, shuffle=flag(item.shuffle), max_choices="0" if item.several else "1",
        )  # fmt: skip
        return lines((self.text(), interaction))

    def tapped(self) -> str:
        """Words in a message."""
        item = self.item
        places = {option.id: place for place, option in enumerate(item.options)}
        by_id = {option.id: option for option in item.options}
        open_: set[str] = set()

        def opening(name: str) -> str:
            option = by_id.get(name)
            if option is None or name in open_:
                raise Unfit(_UNMARKED, words=name)
            open_.add(name)
            worth = f" data-worth={quoteattr(str(option.worth))}" if option.worth is not None else ""
            named = quoteattr(rules.option_name(option))
            return f'<qti-hottext identifier={named} data-place="{places[name]}"{worth}>'

        self.choice(rules.RESPONSE, item.options, several=True)
        text = self.text(taps=opening)
        missing = next((option for option in item.options if option.id not in open_), None)
        if missing is not None:
            raise Unfit(_UNMARKED, words=missing.text[:80])
        return tag(
            "hottext-interaction", self.stem(), text, response_identifier=rules.RESPONSE, max_choices="0"
        )  # fmt: skip

    def verdict(self) -> str:
        """A statement and its reason: the reason counts only with the right verdict."""
        item = self.item
        verdict, reason = item.part(VERDICT), item.part(REASON)
        parts = [(part, name) for part, name in ((verdict, "VERDICT"), (reason, "REASON")) if part is not None]
        interactions = []
        for part, name in parts:
            self.choice(name, part.options, several=False)
            shuffle = item.shuffle and name == "REASON"
            stem = self.stem() if name == "VERDICT" else ""
            interactions.append(tag(
                "choice-interaction", "\n", lines((stem, *self.choices("simple-choice", part.options))), "\n",
                response_identifier=name, shuffle=flag(shuffle), max_choices="1",
            ))  # fmt: skip
        said = [rules.put(rules.feedback_of(name), rules.variable(name)) for part, name in parts
                if any(option.feedback_html for option in part.options)]  # fmt: skip
        both = tag("and", *(rules.right(name) for _, name in parts))
        branches = [(both, rules.score(Fraction(1)))]
        if reason is not None:
            branches.append((rules.right("VERDICT"), rules.score(Fraction(1, 2))))
        self.processing = [rules.condition(branches, rules.score(Fraction(0))), *said]
        self.notes.append(_VERDICT)
        return lines((self.text(), *interactions))

    # Kinds with an order, with pairs, with something written.

    def ordered(self) -> str:
        """Steps to be put in their order, shown in another."""
        item = self.item
        by_id = {option.id: option for option in item.options}
        right = [rules.option_name(option) for option in item.options]
        self.answers.append(rules.answer(rules.RESPONSE, right, None, base="identifier", cardinality="ordered"))
        if self.tell(rules.RESPONSE, item.options):
            self.outcomes.append(rules.outcome("FEEDBACK", base="identifier", several=True))
            told = [rules.base("identifier", rules.option_name(one)) for one in item.options if one.feedback_html]
            scored = rules.condition([(rules.right(rules.RESPONSE), rules.score(Fraction(1)))])
            self.processing += [scored, rules.put("FEEDBACK", tag("multiple", *told))]
        self.template = "match_correct"
        self.notes.append(_ORDER)
        steps = self.choices("simple-choice", [by_id[one] for one in settled(item)])
        interaction = tag(
            "order-interaction", "\n", lines((self.stem(), *steps)), "\n",
            response_identifier=rules.RESPONSE, shuffle="true",
        )  # fmt: skip
        return lines((self.text(), interaction))

    def matched(self) -> str:
        """Left sides with one right side each."""
        item = self.item
        keys = {part.id: self._key(part) for part in item.parts}
        pool = {key.id: key for key in keys.values()}
        pool |= {option.id: option for part in item.parts for option in part.options if option.id not in pool}
        pairs = {f"{rules.part_name(part)} {rules.option_name(keys[part.id])}": part for part in item.parts}
        share = Fraction(1, len(pairs) or 1)
        self.answers.append(rules.answer(
            rules.RESPONSE, pairs, dict.fromkeys(pairs, share), base="directedPair", cardinality="multiple"
        ))  # fmt: skip
        self.template = "map_response"
        told = [(pair, part) for pair, part in pairs.items() if keys[part.id].feedback_html]
        for pair, part in told:
            name = rules.part_name(part)
            self.reply("FEEDBACK", name, keys[part.id].feedback_html)
            test = tag("member", rules.base("directedPair", pair), rules.variable(rules.RESPONSE))
            self.processing.append(rules.condition([(test, rules.added("FEEDBACK", name))]))
        if told:
            self.outcomes.append(rules.outcome("FEEDBACK", base="identifier", several=True))
            self.processing.insert(0, rules.put("SCORE", rules.mapped(rules.RESPONSE)))
        lefts = [self._side(self.html(part.html), rules.part_name(part), "1") for part in item.parts]
        rights = [self._side(self.html(one.html), rules.option_name(one), "0") for one in pool.values()]
        sets = (tag("simple-match-set", *lefts), tag("simple-match-set", *rights))
        interaction = tag(
            "match-interaction", "\n", lines((self.stem(), *sets)), "\n",
            response_identifier=rules.RESPONSE, shuffle=flag(item.shuffle), max_associations=str(len(pairs)),
        )  # fmt: skip
        return lines((self.text(), interaction))

    def _key(self, part: Part) -> Option:
        keys = [option for option in part.options if option.correct]
        if len(keys) != 1 or part.weight != 1 or any(option.worth is not None for option in part.options):
            raise Unfit(_PAIR, words=part.text[:80])
        return keys[0]

    def _side(self, html: str, name: str, most: str) -> str:
        return tag("simple-associable-choice", html, identifier=name, match_max=most)

    def written(self) -> str:
        """Words or a number, below the question."""
        item = self.item
        self.entry(rules.RESPONSE, item.kind, item.options, "SCORE")
        field_ = tag("text-entry-interaction", response_identifier=rules.RESPONSE)
        return lines((self.asked(), self.text(), f"<p>{field_}</p>"))

    def gapped(self) -> str:
        """A text with gaps."""
        item = self.item
        for part in item.parts:
            name = f"GAP{part.id}"
            self.outcomes.append(rules.outcome(f"SCORE_{name}", "0"))
            if part.kind == "choice":
                self.answers.append(rules.answer(
                    name, [rules.option_name(one) for one in part.options if one.correct],
                    rules.chosen_worths(part.options, several=False), base="identifier", cardinality="single",
                ))  # fmt: skip
                self.processing.append(rules.put(f"SCORE_{name}", rules.mapped(name)))
                if self.tell(name, part.options):
                    self.outcomes.append(rules.outcome(rules.feedback_of(name), base="identifier"))
                    self.processing.append(rules.put(rules.feedback_of(name), rules.variable(name)))
            else:
                self.entry(name, part.kind, part.options, f"SCORE_{name}")
        self.processing.append(rules.weighted(item, [f"SCORE_GAP{part.id}" for part in item.parts]))
        return lines((self.asked(), self.text(gaps=self.place)))

    def place(self, name: str) -> str:
        part = self.item.part(name)
        if part is None:
            raise Unfit(_UNMARKED, words=escape(name))
        weight = None if part.weight == 1 else str(part.weight)
        if part.kind != "choice":
            return tag("text-entry-interaction", response_identifier=f"GAP{name}", data_weight=weight)
        return tag(
            "inline-choice-interaction", *self.choices("inline-choice", part.options),
            response_identifier=f"GAP{name}", shuffle=flag(self.item.shuffle), data_weight=weight,
        )  # fmt: skip


_WRITERS: Mapping[Kind, Callable[[Writing], str]] = {
    "single_choice": Writing.chosen,
    "multiple_response": Writing.chosen,
    "picture_choice": Writing.chosen,
    "hotspot_text": Writing.tapped,
    "true_false": Writing.verdict,
    "ordering": Writing.ordered,
    "matching": Writing.matched,
    "short_text": Writing.written,
    "number": Writing.written,
    "cloze": Writing.gapped,
}
