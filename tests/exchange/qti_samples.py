"""Items of QTI, written short: an item around its parts, in both vocabularies."""

from __future__ import annotations

import io
import re
import zipfile

from app.course.item import Item
from app.exchange import qti
from app.exchange.course_text import sketch_of, text_of

CORRECT = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAPPED = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>'
NS2 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
NS3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"


def item(answers: str, body: str, processing: str = CORRECT, after: str = "", attributes: str = "") -> str:
    """An item of QTI 2.1."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{NS2}" identifier="Soal_1" title="Judul soal" '
        f'adaptive="false" timeDependent="false" {attributes}>\n{answers}\n'
        f'<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>\n'
        f"<itemBody>\n{body}\n</itemBody>\n{processing}\n{after}\n</assessmentItem>"
    ).replace("  adaptive", " adaptive")


def third(text: str) -> str:
    """The same in the vocabulary of QTI 3."""
    plain = "|".join(("p", "b", "div", "img", "em", "math", "object", "table", "tr", "td", "span", "br"))

    def kebab(name: str) -> str:
        return re.sub("[A-Z]", lambda sign: f"-{sign[0].lower()}", name)

    def tag(found: re.Match[str]) -> str:
        name = found[2] if re.fullmatch(plain, found[2]) else f"qti-{kebab(found[2])}"
        rest = re.sub(r"([A-Za-z]+)=(\")", lambda one: f"{kebab(one[1])}={one[2]}", found[3])
        return f"<{found[1]}{name}{rest}>"

    return re.sub(r"<(/?)([A-Za-z]+)([^>]*)>", tag, text).replace(NS2, NS3)


def answer(
    *correct: str, mapping: str = "", kind: str = "single", base: str = "identifier", name: str = "RESPONSE"
) -> str:
    """What is right."""
    values = "".join(f"<value>{one}</value>" for one in correct)
    right = f"<correctResponse>{values}</correctResponse>" if values else ""
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{kind}" baseType="{base}">{right}{mapping}'
        "</responseDeclaration>"
    )


def mapping(attributes: str = "", **entries: str) -> str:
    """What single answers are worth."""
    inner = "".join(f'<mapEntry mapKey="{key}" mappedValue="{worth}"/>' for key, worth in entries.items())
    return f"<mapping {attributes}>{inner}</mapping>".replace("<mapping >", "<mapping>")


def choices(**words: str) -> str:
    """Options to choose from."""
    return "".join(f'<simpleChoice identifier="{name}">{text}</simpleChoice>' for name, text in words.items())


CHOICE = (
    '<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1"><prompt>Mana yang aman?</prompt>'
    + choices(A="Satu", B="Dua", C="Tiga")
    + "</choiceInteraction>"
)
SEVERAL = CHOICE.replace('maxChoices="1"', 'maxChoices="0"')


ENTRY = '<textEntryInteraction responseIdentifier="RESPONSE"/>'
HOTTEXT = (
    '<p>Tandai kata yang salah.</p><hottextInteraction responseIdentifier="RESPONSE" maxChoices="0"><p>Bank '
    '<hottext identifier="A">meminta</hottext> kode <b>OTP</b> <hottext identifier="B">segera</hottext>.</p>'
    "</hottextInteraction>"
)
ORDER = (
    '<orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Urutkan.</prompt>'
    + choices(A="Satu", B="Dua", C="Tiga")
    + "</orderInteraction>"
)
MATCH = (
    '<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="2"><prompt>Pasangkan.</prompt>'
    '<simpleMatchSet><simpleAssociableChoice identifier="L1" matchMax="1">Kiri</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="L2" matchMax="1">Atas</simpleAssociableChoice></simpleMatchSet>'
    '<simpleMatchSet><simpleAssociableChoice identifier="R1" matchMax="1">Kanan</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="R2" matchMax="1">Bawah</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="R3" matchMax="1">Tengah</simpleAssociableChoice></simpleMatchSet>'
    "</matchInteraction>"
)
INLINE = (
    '<p>Sandi harus <inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="false">'
    '<inlineChoice identifier="A">panjang</inlineChoice><inlineChoice identifier="B">pendek</inlineChoice>'
    '</inlineChoiceInteraction> dan <textEntryInteraction responseIdentifier="DUA"/>.</p>'
)
GAPS = (
    '<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="false"><prompt>Lengkapi.</prompt>'
    '<gapText identifier="W1" matchMax="1">kunci</gapText><gapText identifier="W2" matchMax="1">pintu</gapText>'
    '<p>Sandi itu <gap identifier="G1"/>, akun itu <gap identifier="G2"/>.</p></gapMatchInteraction>'
)
SAMPLES = [
    item(answer("A"), CHOICE),
    item(answer(mapping=mapping(A="2", B="1"), kind="multiple"), SEVERAL, MAPPED),
    item(answer("A", kind="multiple"), HOTTEXT),
    item(answer("B", "A", "C", kind="ordered"), ORDER),
    item(answer("L1 R1", "L2 R2", kind="multiple", base="directedPair"), MATCH),
    item(answer("A") + answer("unik", base="string", name="DUA"), INLINE, ""),
    item(answer("W1 G1", "W2 G2", kind="multiple", base="directedPair"), GAPS),
    item(answer("surel", base="string"), f"<p>Apa namanya?</p><p>{ENTRY}</p>"),
]


RESPONSE = '<variable identifier="RESPONSE"/>'
RIGHT = f'<match>{RESPONSE}<correct identifier="RESPONSE"/></match>'
SCORE = '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">%s</baseValue></setOutcomeValue>'


def rules(*inside: str) -> str:
    """Processing written by hand."""
    return f"<responseProcessing>{''.join(inside)}</responseProcessing>"


def condition(*branches: tuple[str, str], otherwise: str = "") -> str:
    """An if, its else-ifs, its else."""
    names = ["responseIf", *["responseElseIf"] * (len(branches) - 1)]
    inner = "".join(f"<{name}>{test}{rule}</{name}>" for name, (test, rule) in zip(names, branches, strict=True))
    last = f"<responseElse>{otherwise}</responseElse>" if otherwise else ""
    return f"<responseCondition>{inner}{last}</responseCondition>"


PUT_MAP = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
NULL = f"<isNull>{RESPONSE}</isNull>"
PLUS = (
    '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><baseValue baseType="float">1</baseValue>'
    "</sum></setOutcomeValue>"
)


def literal(value: str, kind: str = "identifier", name: str = "match", attributes: str = "") -> str:
    """An answer equal to a value."""
    return f'<{name}{attributes}>{RESPONSE}<baseValue baseType="{kind}">{value}</baseValue></{name}>'


def only(text: str) -> Item:
    """The one question in this file."""
    found = qti.read(text.encode())
    assert [one.text for one in found.refused] == []
    return found.items[0]


def written(text: str) -> str:
    """The question in this file as a trainer would write it."""
    return text_of(sketch_of(only(text)))


def refusal(text: str) -> str:
    """Why the question in this file stays out."""
    found = qti.read(text.encode())
    assert found.items == () and len(found.refused) == 1
    return found.refused[0].text


def notes(text: str) -> list[str]:
    """What was changed on the way."""
    return [one.text for one in qti.read(text.encode()).notes]


def packed(files: dict[str, bytes | str]) -> bytes:
    """A package of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def manifest(*resources: tuple[str, str], files: str = "") -> str:
    """A manifest that names these resources by type and file."""
    inner = "".join(f'<resource identifier="r{n}" type="{kind}" href="{href}"><file href="{href}"/>{files}</resource>'
                    for n, (kind, href) in enumerate(resources))  # fmt: skip
    return (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><organizations/><resources>'
        f"{inner}</resources></manifest>"
    )
