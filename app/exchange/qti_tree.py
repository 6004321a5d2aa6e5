"""QTI 2 and QTI 3 in one vocabulary: the names of QTI 2, without prefixes, whichever the file speaks.

`<qti-simple-choice identifier="A">` and `<simpleChoice identifier="A">` are the same here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from app.exchange.safe_xml import Node, line_of, local
from app.exchange.worths import number

_PREFIX = "qti-"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_OWN_WORDS = ("data-", "aria-")


@dataclass(frozen=True, slots=True)
class Worths:
    """What single answers are worth: `<mapping>`."""

    entries: dict[str, Fraction]
    default: Fraction = Fraction(0)
    lower: Fraction | None = None
    upper: Fraction | None = None

    def __getitem__(self, key: str) -> Fraction:
        return self.entries.get(key, self.default)


@dataclass(frozen=True, slots=True)
class Response:
    """What is known of the answer to one interaction: `<responseDeclaration>`."""

    id: str
    cardinality: str
    base: str
    correct: tuple[str, ...] = ()
    mapping: Worths | None = None

    @property
    def several(self) -> bool:
        """Whether it may hold several values at once."""
        return self.cardinality == "multiple"


@dataclass(frozen=True, slots=True)
class Sheet:
    """An item in the one vocabulary, with its answers."""

    root: Node
    body: Node
    responses: dict[str, Response] = field(default_factory=dict)
    interactions: tuple[Node, ...] = ()
    three: bool = False

    def spoken(self, node: Node) -> str:
        """What the file calls this element."""
        return _PREFIX + re.sub("[A-Z]", lambda sign: f"-{sign[0].lower()}", node.tag) if self.three else node.tag


def neutral(element: Element) -> Node:
    """The element and all in it, with names and attributes in the one vocabulary."""
    name = local(element)
    node = Node(camel(name.removeprefix(_PREFIX)) if name.startswith(_PREFIX) else name, _attributes(element))
    node.line = line_of(element) or 0
    node.text, node.tail = element.text, element.tail
    node.extend(neutral(child) for child in element)
    return node


def camel(name: str) -> str:
    """`response-else-if` as `responseElseIf`."""
    return re.sub("-([a-z0-9])", lambda found: found[1].upper(), name)


def _attributes(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in element.attrib.items():
        name = key.removeprefix(_XML)
        if "}" not in name:
            found[name if name.startswith(_OWN_WORDS) else camel(name)] = value
    return found


def sheet(root: Element) -> Sheet:
    """The item in the one vocabulary."""
    node = neutral(root)
    body = first(node, "itemBody")
    if body is None:
        body = Node("itemBody")
        body.line = node.line
    responses = {one.id: one for one in map(_response, every(node, "responseDeclaration"))}
    found = tuple(one for one in nodes(body) if one.tag.endswith("Interaction"))
    return Sheet(node, body, responses, found, three=local(root).startswith(_PREFIX))


def nodes(node: Element) -> Iterator[Node]:
    """Every element in it and below, itself first."""
    return (one for one in node.iter() if isinstance(one, Node))


def children(node: Element, *names: str) -> list[Node]:
    """Its direct children of these names; all of them when none is given."""
    return [one for one in node if isinstance(one, Node) and (not names or one.tag in names)]


def every(node: Element, *names: str) -> list[Node]:
    """Every element of these names in it, at any depth."""
    return [one for one in nodes(node) if one.tag in names]


def first(node: Element, *names: str) -> Node | None:
    """The first of them."""
    return next(iter(every(node, *names)), None)


def words(node: Element | None) -> str:
    """All its words, with single blanks."""
    return " ".join("".join(node.itertext()).split()) if node is not None else ""


def figure(text: str | None) -> Fraction | None:
    """A number in an attribute or a value."""
    return number(text) if text else None


def _response(node: Node) -> Response:
    correct = first(node, "correctResponse")
    mapping = first(node, "mapping")
    return Response(
        node.get("identifier", ""),
        node.get("cardinality", "single"),
        node.get("baseType", "identifier"),
        tuple(words(value) for value in every(correct, "value")) if correct is not None else (),
        _mapping(mapping) if mapping is not None else None,
    )


def _mapping(node: Node) -> Worths:
    entries = {
        " ".join(entry.get("mapKey", "").split()): figure(entry.get("mappedValue")) or Fraction(0)
        for entry in every(node, "mapEntry")
    }
    default = figure(node.get("defaultValue")) or Fraction(0)
    return Worths(entries, default, figure(node.get("lowerBound")), figure(node.get("upperBound")))
