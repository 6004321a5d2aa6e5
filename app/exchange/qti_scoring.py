"""How a QTI item scores, as far as it can be said in our rules: a sum of what each answer is worth.

The processing is not run but read: each rule keeps the score such a sum, or makes the item unfit, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from app.errors import N_
from app.exchange.qti_sums import How, Known, Sum, Term, scaled, times
from app.exchange.qti_tree import Response, children, every, figure, first, words
from app.exchange.safe_xml import Node
from app.exchange.sketch import Unfit

_SCORE = "SCORE"
_TEMPLATES: Mapping[str, How] = {
    **dict.fromkeys(("match_correct", "cc2_match", "cc2_match_basic"), "correct"),
    **dict.fromkeys(("map_response", "cc2_map_response"), "mapped"),
}
_ODD = N_("Cara menilai soal ini (unsur “%(element)s”) belum dapat kami nyatakan. Buat ulang soalnya di sini.")
_TEMPLATE = N_("Cara menilai “%(name)s” belum dapat kami nyatakan. Buat ulang soalnya di sini.")
_DISORDER = N_("Cara menilai soal ini rusak: ada cabang setelah cabang “lainnya”.")
_NO_RESPONSE = N_("Cara menilai soal ini menyebut jawaban “%(name)s” yang tidak ada.")


_State = dict[str, Sum | None]  # None: it holds something that is no score


@dataclass(frozen=True, slots=True)
class _Test:
    """A condition about one answer (or several that must all be right)."""

    kind: Literal["correct", "literal", "null", "given", "gained"]
    responses: tuple[str, ...]
    literals: tuple[Known, ...] = ()
    gained: Fraction = Fraction(0)  # what the mapping must give


@dataclass(frozen=True, slots=True)
class Scoring:
    """What each answer adds; `stated` is False when the file leaves it open."""

    terms: Mapping[str, Term]
    stated: bool = True


def scoring(root: Node, responses: Mapping[str, Response]) -> Scoring:
    """How this item scores. Raises Unfit when our rules cannot say it."""
    node = next(iter(children(root, "responseProcessing")), None)
    if node is None or not (len(node) or node.get("template")):
        how = {one.id: Term(one.id, "mapped" if one.mapping else "correct") for one in responses.values()}
        return Scoring(how, stated=False)
    if not len(node):
        name = node.get("template", "").rstrip("/").rpartition("/")[2].removesuffix(".xml")
        if name.lower() not in _TEMPLATES:
            raise Unfit(_TEMPLATE, line=node.line, name=name[:80])
        only = ["RESPONSE"] if "RESPONSE" in responses else list(responses)[:1]
        return Scoring({one: Term(one, _TEMPLATES[name.lower()]) for one in only})
    state = _Processing(responses).run(node, _defaults(root))
    if not any(rule.get("identifier") == _SCORE for rule in every(node, "setOutcomeValue", "lookupOutcomeValue")):
        how = {one.id: Term(one.id, "mapped" if one.mapping else "correct") for one in responses.values()}
        return Scoring(how, stated=False)
    score = state.get(_SCORE)
    if score is None:
        raise Unfit(_ODD, line=node.line, element="setOutcomeValue")
    return Scoring(_by_response(score, node.line))


def _defaults(root: Node) -> _State:
    """What outcomes hold before anything is processed."""
    return {
        one.get("identifier", ""): Sum(figure(words(first(one, "defaultValue"))) or Fraction(0))
        for one in children(root, "outcomeDeclaration")
    }


def _by_response(score: Sum, line: int) -> dict[str, Term]:
    """One term for each answer; tables of one answer are put together."""
    found: dict[str, Term] = {}
    for term in score.terms:
        if term.factor <= 0:
            raise Unfit(_ODD, line=line, element=_SCORE)
        before = found.get(term.response)
        if before is None:
            found[term.response] = scaled(term)
        elif before.how == term.how == "table":
            found[term.response] = replace(before, table={**before.table, **scaled(term).table})
        else:
            raise Unfit(_ODD, line=line, element=_SCORE)
    if score.number:
        raise Unfit(_ODD, line=line, element=_SCORE)
    return found


@dataclass(frozen=True, slots=True)
class _Processing:
    responses: Mapping[str, Response]

    def run(self, rules: Node, state: _State) -> _State:
        """The state after these rules."""
        state = dict(state)
        for rule in children(rules):
            if rule.tag == "setOutcomeValue":
                state[rule.get("identifier", "")] = self.value(rule, state)
            elif rule.tag == "responseCondition":
                state = self.condition(rule, state)
            elif rule.tag == "responseProcessingFragment":
                state = self.run(rule, state)
            elif rule.tag == "lookupOutcomeValue":
                state[rule.get("identifier", "")] = None
            else:
                raise Unfit(_ODD, line=rule.line, element=rule.tag)
        return state

    def value(self, rule: Node, state: _State) -> Sum | None:
        """What is given to an outcome; None when it is no score."""
        parts = children(rule)
        return self.sum(parts[0], state) if len(parts) == 1 else None

    def sum(self, node: Node, state: _State) -> Sum | None:
        """An expression as a sum, if it is one."""
        if node.tag == "baseValue":
            found = figure(words(node)) if node.get("baseType") in ("float", "integer") else None
            return None if found is None else Sum(found)
        if node.tag == "variable":
            return state.get(node.get("identifier", ""), None if node.get("identifier") in self.responses else Sum())
        if node.tag == "mapResponse":
            return Sum(terms=(Term(self.known(node).id, "mapped"),))
        inner = [self.sum(child, state) for child in children(node)]
        if node.tag == "sum":
            total = Sum()
            for one in inner:
                if one is None:
                    return None
                total = total.plus(one)
            return total
        if node.tag in ("product", "divide") and len(inner) == 2:
            return times(node.tag, *inner)
        return None

    def known(self, node: Node) -> Response:
        """The declared answer this expression is about."""
        name = node.get("identifier", "")
        if name not in self.responses:
            raise Unfit(_NO_RESPONSE, line=node.line, name=name[:80])
        return self.responses[name]

    def condition(self, node: Node, state: _State) -> _State:
        """The state after an if, its else-ifs and its else."""
        branches: list[tuple[Node, _State]] = []
        otherwise: _State | None = None
        for branch in children(node):
            if otherwise is not None:
                raise Unfit(_DISORDER, line=branch.line)
            if branch.tag == "responseElse":
                otherwise = self.run(branch, state)
                continue
            inside = children(branch)
            rest = Node(branch.tag)
            rest.extend(inside[1:])
            branches.append((inside[0] if inside else branch, self.run(rest, state)))
        last = state if otherwise is None else otherwise
        names = {name for _, one in [*branches, (node, last)] for name in one}
        return {name: self.chosen(name, branches, state, last, node) for name in names}

    def chosen(
        self, name: str, branches: list[tuple[Node, _State]], before: _State, last: _State, node: Node
    ) -> Sum | None:
        """What this outcome holds after the branches, as one sum."""
        blank = before.get(name, Sum())
        values = [one.get(name, blank) for _, one in branches]
        otherwise = last.get(name, blank)
        if all(value == otherwise for value in values):
            return otherwise
        if name != _SCORE:
            return None if otherwise is None or None in values else self.decided(otherwise, branches, values)
        found = self.decided(otherwise, branches, values)
        if found is None:
            raise Unfit(_ODD, line=node.line, element=node.tag)
        return found

    def decided(
        self, otherwise: Sum | None, branches: list[tuple[Node, _State]], values: list[Sum | None]
    ) -> Sum | None:
        """The branches as one sum; None where they are none."""
        tests = [self.test(condition) for condition, _ in branches]
        total = otherwise
        if otherwise is not None and (steps := self.steps(otherwise, tests, values)) is not None:
            return steps
        told: set[tuple[str, tuple[str, ...]]] = set()
        for test, value in zip(tests, values, strict=True):
            if test is None or value is None or total is None or otherwise is None:
                return None
            if test.kind == "null" and not value.terms:
                continue  # no answer is worth nothing with us, too
            if test.kind == "given" and len(tests) == 1:
                return value
            added = value.number - otherwise.number
            if test.kind in ("null", "given", "gained") or value.terms != otherwise.terms or not added:
                return None
            told.add((test.kind, test.responses))
            total = Sum(total.number, total.terms + self.terms(test, added))
        return total if len(told) < 2 else None

    def steps(self, otherwise: Sum, tests: list[_Test | None], values: list[Sum | None]) -> Sum | None:
        """Steps in proportion to what the mapping gives: two of two pairs 1, one of two 0.5."""
        steps = [
            (test.gained, value.number - otherwise.number)
            for test, value in zip(tests, values, strict=True)
            if test and value and test.kind == "gained" and value.terms == otherwise.terms
        ]
        names = {test.responses for test in tests if test}
        factors = {added / gained for gained, added in steps if gained > 0}
        if len(steps) < len(tests) or len(names) != 1 or len(factors) != 1 or any(gained <= 0 for gained, _ in steps):
            return None
        return Sum(otherwise.number, (*otherwise.terms, Term(names.pop()[0], "mapped", factors.pop())))

    def terms(self, test: _Test, added: Fraction) -> tuple[Term, ...]:
        """What a condition about answers adds to the score."""
        if test.kind == "literal":
            table = dict.fromkeys(test.literals, added)
            return (Term(test.responses[0], "table", table=table),)
        share = added / len(test.responses)
        return tuple(Term(one, "correct", share, whole=len(test.responses) > 1) for one in test.responses)

    def test(self, node: Node) -> _Test | None:
        """A condition we understand."""
        inner = children(node)
        if node.tag == "not" and len(inner) == 1:
            found = self.test(inner[0])
            return _Test("given", found.responses) if found and found.kind == "null" else None
        if node.tag == "isNull" and len(inner) == 1:
            return _Test("null", (inner[0].get("identifier", ""),))
        if node.tag in ("and", "or"):
            return self.joined(node.tag, [self.test(one) for one in inner])
        if node.tag in ("match", "equal", "stringMatch", "member", "contains") and len(inner) == 2:
            return self.equality(node, inner)
        return None

    def joined(self, tag: str, tests: list[_Test | None]) -> _Test | None:
        """All of several answers right; or one answer equal to one of several words."""
        found = [test for test in tests if test]
        kinds = {test.kind for test in found}
        if not found or len(found) < len(tests) or len(kinds) > 1:
            return None
        if tag == "and" and kinds == {"correct"}:
            return _Test("correct", tuple(one for test in found for one in test.responses))
        if tag == "or" and kinds == {"literal"} and len({test.responses for test in found}) == 1:
            return _Test("literal", found[0].responses, tuple(one for test in found for one in test.literals))
        return None

    def equality(self, node: Node, inner: list[Node]) -> _Test | None:
        """An answer equal to its right value, or to words the condition names."""
        by_tag = {one.tag: one for one in inner}
        if by_tag.keys() == {"mapResponse", "baseValue"} and node.tag in ("match", "equal"):
            gained = figure(words(by_tag["baseValue"]))
            return None if gained is None else _Test("gained", (self.known(by_tag["mapResponse"]).id,), gained=gained)
        if "variable" not in by_tag or len(by_tag) < 2:
            return None
        response = self.responses.get(by_tag["variable"].get("identifier", ""))
        if response is None:
            return None
        if node.tag == "member" and not response.several:
            return None
        if "correct" in by_tag and by_tag["correct"].get("identifier") == response.id and node.tag != "member":
            if node.tag != "equal" or node.get("toleranceMode", "exact") == "exact":
                return _Test("correct", (response.id,))
            return self.near(node, response, list(response.correct))
        if "baseValue" in by_tag:
            if response.several and node.tag != "member":
                return None
            return self.near(node, response, [words(by_tag["baseValue"])])
        return None

    def near(self, node: Node, response: Response, values: list[str]) -> _Test | None:
        """Equal to one of these, within the tolerance the condition states."""
        steps = [figure(one) for one in node.get("tolerance", "").split()]
        mode = node.get("toleranceMode", "exact")
        if node.tag != "equal" or mode == "exact":
            return _Test("literal", (response.id,), tuple(Known(one) for one in values))
        if not steps or None in steps or len(set(steps)) > 1 or mode not in ("absolute", "relative"):
            return None
        step = steps[0] or Fraction(0)
        literals = []
        for one in values:
            middle = figure(one)
            if middle is None:
                return None
            literals.append(Known(one, step if mode == "absolute" else abs(middle) * step / 100))
        return _Test("literal", (response.id,), tuple(literals))
