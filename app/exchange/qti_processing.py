"""How a question of ours scores, in QTI 3: declarations of its answers and the rules over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from app.course.item import Item, Option, Part
from app.course.readings import readings
from app.course.scoring import earned
from app.exchange.qti_xml import lines, tag
from app.exchange.worths import as_number

RESPONSE = "RESPONSE"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
_ONE, _ZERO = Fraction(1), Fraction(0)


def option_name(option: Option) -> str:
    """What an option is called in the file: its id behind a letter, for names may not begin with a digit."""
    return f"o-{option.id}"


def part_name(part: Part) -> str:
    """What a left side is called in the file."""
    return f"p-{part.id}"


def feedback_of(response: str) -> str:
    """The outcome that says which feedback to show for this answer."""
    return "FEEDBACK" if response == RESPONSE else f"FEEDBACK_{response}"


def outcome(name: str, default: str | None = None, *, base: str = "float", several: bool = False) -> str:
    """The declaration of an outcome."""
    value = tag("default-value", tag("value", default)) if default is not None else ""
    return tag(
        "outcome-declaration", value, identifier=name, cardinality="multiple" if several else "single", base_type=base
    )  # fmt: skip


def answer(
    name: str, correct: Iterable[str], worths: dict[str, Fraction] | None, *, base: str, cardinality: str,
    default: Fraction = _ZERO,
) -> str:  # fmt: skip
    """The declaration of an answer: what is right, and what single answers are worth."""
    values = "".join(tag("value", _plain(value)) for value in correct)
    right = tag("correct-response", values) if values else ""
    mapping = ""
    if worths:
        sensitive = "false" if base == "string" else None
        entries = (
            tag("map-entry", map_key=key, mapped_value=as_number(worth), case_sensitive=sensitive)
            for key, worth in worths.items()
        )
        mapping = tag("mapping", *entries, lower_bound="0", upper_bound="1", default_value=as_number(default))
    return tag("response-declaration", right, mapping, identifier=name, cardinality=cardinality, base_type=base)


def chosen_worths(options: Sequence[Option], several: bool) -> dict[str, Fraction]:
    """What each option adds."""
    keys = sum(option.correct for option in options)
    return {option_name(option): earned(option, keys if several else 0) for option in options}


def starred(option: Option) -> bool:
    """Whether it stands for many answers, which a mapping cannot hold."""
    return "*" in option.text.replace("\\*", "")


def written_answer(name: str, kind: str, options: Sequence[Option]) -> str:
    """The declaration of something written: words with a mapping, a number with its right value."""
    rest = next((held(option) for option in options if option.text == "*"), _ZERO)
    if kind == "number":
        correct = [decimal(option) for option in options if option.correct and option.text != "*"][:1]
        return answer(name, correct, None, base="float", cardinality="single")
    known = {plain_words(one): held(one) for one in sorted(options, key=held) if not starred(one)}
    right = [plain_words(one) for one in options if one.correct and not starred(one)][:1]
    return answer(name, right, known, base="string", cardinality="single", default=rest)


def plain_words(option: Option) -> str:
    """The words of an accepted answer."""
    return option.text.replace("\\*", "*")


def decimal(option: Option) -> str:
    """The number with a decimal point."""
    return as_number(readings(option.text)[0])


def held(option: Option) -> Fraction:
    """What a written answer is worth, between nothing and everything."""
    return min(_ONE, max(_ZERO, earned(option)))


# Expressions and rules.


def variable(name: str) -> str:
    """The value of an answer or an outcome."""
    return tag("variable", identifier=name)


def base(kind: str, value: str) -> str:
    """A value that is written out."""
    return tag("base-value", _plain(value), base_type=kind)


def put(name: str, expression: str) -> str:
    """Gives an outcome a value."""
    return tag("set-outcome-value", expression, identifier=name)


def score(value: Fraction, name: str = "SCORE") -> str:
    """Gives a score."""
    return put(name, base("float", as_number(value)))


def mapped(response: str) -> str:
    """What the mapping says."""
    return tag("map-response", identifier=response)


def right(response: str) -> str:
    """Whether an answer is the right one."""
    return tag("match", variable(response), tag("correct", identifier=response))


def condition(branches: Sequence[tuple[str, str]], otherwise: str = "") -> str:
    """An if with its else-ifs and its else."""
    if not branches:
        return otherwise
    names = ["response-if", *("response-else-if" for _ in branches[1:])]
    parts = [tag(name, test, rules) for name, (test, rules) in zip(names, branches, strict=True)]
    return tag("response-condition", *parts, tag("response-else", otherwise) if otherwise else "")


def written_rules(name: str, kind: str, options: Sequence[Option], outcome_name: str, *, said: bool) -> str:
    """What is scored and said for something written; the better answer is looked at first."""
    ordered = sorted(options, key=lambda option: -held(option))
    rest = next((option for option in ordered if option.text == "*"), None)
    known = [option for option in ordered if not starred(option)]
    if kind != "number":
        branches = [(_same(name, one), _told(name, one) if one.feedback_html else "") for one in known] if said else []
        otherwise = _told(name, rest) if said and rest is not None and rest.feedback_html else ""
        return lines([put(outcome_name, mapped(name)), condition(branches, otherwise)])
    branches = [
        (_near(name, one), score(held(one), outcome_name) + (_told(name, one) if said and one.feedback_html else ""))
        for one in known
    ]
    otherwise = score(held(rest) if rest else _ZERO, outcome_name)
    return condition(branches, otherwise + (_told(name, rest) if said and rest and rest.feedback_html else ""))


def _same(name: str, option: Option) -> str:
    return tag("string-match", variable(name), base("string", plain_words(option)), case_sensitive="false")


def _near(name: str, option: Option) -> str:
    near = as_number(option.tolerance or _ZERO)
    mode = "absolute" if option.tolerance else "exact"
    return tag(
        "equal", variable(name), base("float", decimal(option)), tolerance_mode=mode,
        tolerance=f"{near} {near}" if option.tolerance else None,
    )  # fmt: skip


def _told(name: str, option: Option) -> str:
    return put(feedback_of(name), base("identifier", option_name(option)))


def added(outcome_name: str, name: str) -> str:
    """Adds one more feedback to those shown."""
    return put(outcome_name, tag("multiple", variable(outcome_name), base("identifier", name)))


def weighted(item: Item, names: Sequence[str]) -> str:
    """The mean of the gaps, by their weights."""
    total = sum((part.weight for part in item.parts), _ZERO) or _ONE
    shares = (
        tag("product", variable(name), base("float", as_number(part.weight / total)))
        for name, part in zip(names, item.parts, strict=True)
    )
    return put("SCORE", tag("sum", *shares))


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
