"""From the interactions of a QTI item to a question of one of our kinds, or the reason why it is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from app.course.item import FALSE, TRUE, Kind, PartKind
from app.errors import N_
from app.exchange.making import parted
from app.exchange.markup import Block, Prose
from app.exchange.qti_answers import Answers, shares
from app.exchange.qti_own import Own
from app.exchange.qti_said import Said
from app.exchange.qti_tree import Response, Sheet, children, every, first, words
from app.exchange.qti_words import Words
from app.exchange.safe_xml import Node
from app.exchange.sketch import Entry, Gap, Sketch, Unfit
from app.exchange.wording import escaped

_GAP_IMAGES = N_("Soal ini meminta gambar ditaruh di dalam teks, yang di sini tidak punya tempat.")
_NOTHING_ASKED = N_("Berkas ini hanya berisi bacaan, tanpa pertanyaan.")
_SEVERAL = N_("Soal ini berisi %(count)s pertanyaan sekaligus. Pisahkan menjadi beberapa soal.")
_MANY_TARGETS = N_("Sisi kiri “%(name)s” punya lebih dari satu pasangan, atau tidak punya. Di sini tepat satu.")
_NOT_TWO_SETS = N_("Soal pasangan ini tidak punya tepat dua kelompok.")
_NO_REASON = N_("Soal benar-salah ini tidak punya tepat dua pertanyaan: pernyataan dan alasan.")
_UNEQUAL = N_("Bobot pasangan di soal ini berbeda-beda, yang di sini tidak punya tempat.")
_UNSORTED = N_("Urutan yang benar tidak memuat semua langkah.")
_MIXED_PICTURES = N_("Sebagian pilihan berupa gambar dan sebagian teks. Di sini semua harus sama.")
_GAP_KINDS: Mapping[str, PartKind] = {"float": "number", "integer": "number", "string": "short_text"}
SOLO_NOTE = N_(
    "Di berkas asal hanya urutan yang seluruhnya benar yang bernilai; di sini sebagian benar bernilai sebagian."
)
TAPPED = N_("Di berkas asal hanya satu kata yang dipilih; di sini peserta dapat menandai beberapa kata.")


@dataclass(slots=True)
class Reading:
    """One item while it is being read."""

    sheet: Sheet
    name: str
    words: Words
    answers: Answers
    said: Said
    own: Own
    notes: list[str] = field(default_factory=list)

    def sketch(self) -> Sketch:
        """The question. Raises Unfit with the reason."""
        found = self.sheet.interactions
        tags = {one.tag for one in found}
        if not found:
            raise Unfit(_NOTHING_ASKED)
        if self.own.kind == "true_false":
            return self.verdict(found)
        if tags <= _IN_TEXT:
            return self.in_text(found)
        if len(found) > 1:
            raise Unfit(_SEVERAL, line=found[1].line, count=len(found))
        return _READERS[found[0].tag](self, found[0])

    # What every kind needs.

    def made(self, kind: Kind, prose: Prose, prompt: str = "", **rest: object) -> Sketch:
        """The question with its words parted into what is asked and what stands below."""
        if prompt:
            prose = Prose((Block(prompt, asked=True), *prose.blocks), prose.lost)
        try:
            # A list in a text of ours stands where our format allows it; that of others must make way for ours.
            stem, body = parted(prose, "single_choice" if self.own.kind else kind)
        except Unfit:
            title = escaped(words_of(self.sheet.root.get("title", "")))
            if not title:
                raise
            stem, body = title, prose.markdown
        about = replace(self.own.about, shuffle=self.shuffled())
        why = self.said.explanation()
        made = Sketch(self.name, kind, stem, body, explanation=why, about=about)
        return replace(made, **rest)  # type: ignore[arg-type]  # fields of Sketch, named by each kind

    def shuffled(self) -> bool:
        """Whether the options may be shown in any order."""
        if self.own.kind:
            return self.own.about.shuffle
        shuffled = [one.get("shuffle", "false") == "true" for one in self.sheet.interactions]
        fixed = any(one.get("fixed") == "true" for one in every(self.sheet.body, "simpleChoice"))
        return any(shuffled) and not fixed

    def prompt(self, interaction: Node) -> str:
        """What the interaction itself asks."""
        found = first(interaction, "prompt")
        return self.words.line(found) if found is not None else ""

    def entry(self, node: Node, response: Response) -> Entry:
        """An option, with what is said to it."""
        name = node.get("identifier", "")
        text = self.words.line(node)
        return Entry(text, self.said.to(name, response.id), worth=self.own.worth(node), id=self.own.id_of(name))

    def options(self, nodes: Sequence[Node], response: Response, several: bool) -> tuple[Entry, ...]:
        """The options of a choice, with what each is worth."""
        names = [node.get("identifier", "") for node in nodes]
        return tuple(self.answers.chosen(response, names, [self.entry(one, response) for one in nodes], several))

    # The kinds.

    def choice(self, interaction: Node) -> Sketch:
        """One of several, or some of several."""
        response = self.answers.response(interaction)
        several = response.several and interaction.get("maxChoices") != "1"
        nodes = every(interaction, "simpleChoice")
        entries = self.options(nodes, response, several)
        pictured = [self.words.picture_of(node) is not None for node in nodes]
        if any(pictured) and not all(pictured):
            raise Unfit(_MIXED_PICTURES, line=interaction.line)
        kind: Kind = "picture_choice" if any(pictured) else "multiple_response" if several else "single_choice"
        return self.made(kind, self.words.prose([self.sheet.body]), self.prompt(interaction), entries=entries)

    def verdict(self, found: Sequence[Node]) -> Sketch:
        """Our own: whether a statement is true, and why."""
        if len(found) != 2 or any(one.tag != "choiceInteraction" for one in found):
            raise Unfit(_NO_REASON)
        said, why = (self.options(every(one, "simpleChoice"), self.answers.response(one), False) for one in found)
        names = {TRUE: "Benar", FALSE: "Salah"}
        entries = tuple(replace(one, words=names.get(one.id, one.words), id="") for one in said)
        prose = self.words.prose([self.sheet.body])
        return self.made("true_false", prose, self.prompt(found[0]), entries=entries, reasons=why)

    def order(self, interaction: Node) -> Sketch:
        """Steps in their order."""
        response = self.answers.response(interaction)
        nodes = {node.get("identifier", ""): node for node in every(interaction, "simpleChoice")}
        if not response.correct or set(response.correct) != set(nodes):
            raise Unfit(_UNSORTED, line=interaction.line)
        if not self.own.kind:
            self.answers.term(response)
            self.notes.append(SOLO_NOTE)
        entries = tuple(self.entry(nodes[name], response) for name in response.correct)
        return self.made("ordering", self.words.prose([self.sheet.body]), self.prompt(interaction), entries=entries)

    def match(self, interaction: Node) -> Sketch:
        """Left sides, each with one right side."""
        response = self.answers.response(interaction)
        sets = every(interaction, "simpleMatchSet")
        if len(sets) != 2:
            raise Unfit(_NOT_TWO_SETS, line=interaction.line)
        lefts, rights = (
            {node.get("identifier", ""): node for node in children(one, "simpleAssociableChoice")} for one in sets
        )
        pairs = self.pairs(response, lefts, rights)
        if not self.own.kind and len(set(self.answers.paired(response).values())) > 1:
            raise Unfit(_UNEQUAL, line=interaction.line)
        entries = []
        for name, node in lefts.items():
            right = self.entry(rights[pairs[name]], response)
            left = self.entry(node, response)
            said = self.said.to(name, response.id)
            entries.append(Entry(left.words, said, id=left.id, right=right.words, right_id=right.id))
        for name, node in rights.items():
            if name not in pairs.values():
                right = self.entry(node, response)
                entries.append(Entry("", right=right.words, right_id=right.id))
        prose = self.words.prose([self.sheet.body])
        return self.made("matching", prose, self.prompt(interaction), entries=tuple(entries))

    def pairs(self, response: Response, lefts: Mapping[str, Node], rights: Mapping[str, Node]) -> dict[str, str]:
        """The right side of each left side."""
        said = [pair.split() for pair in (response.correct if self.own.kind else self.answers.paired(response))]
        pairs: dict[str, str] = {}
        for pair in said:
            one, two = (pair[0], pair[-1]) if pair and pair[0] in lefts else (pair[-1], pair[0]) if pair else ("", "")
            if one not in lefts or two not in rights or pairs.get(one, two) != two:
                raise Unfit(_MANY_TARGETS, name=one[:80])
            pairs[one] = two
        missing = next((name for name in lefts if name not in pairs), None)
        if missing is not None:
            raise Unfit(_MANY_TARGETS, name=words(lefts[missing])[:80])
        return pairs

    def hottext(self, interaction: Node) -> Sketch:
        """Words to tap in a message."""
        response = self.answers.response(interaction)
        if not response.several and not self.own.kind:
            self.notes.append(TAPPED)
        nodes = sorted(every(interaction, "hottext"), key=self.own.place)
        entries = self.options(nodes, response, response.several)
        return self.made("hotspot_text", self.words.prose([self.sheet.body]), self.prompt(interaction), entries=entries)

    def gap_match(self, interaction: Node) -> Sketch:
        """Words to put into the gaps of a text."""
        response = self.answers.response(interaction)
        texts = children(interaction, "gapText")
        gaps = {node.get("identifier", ""): node for node in every(interaction, "gap")}
        image = first(interaction, "gapImg")
        if image is not None:
            raise Unfit(_GAP_IMAGES, line=image.line)
        pairs = self.pairs(response, gaps, {node.get("identifier", ""): node for node in texts})
        entries = [self.entry(node, response) for node in texts]
        names = [node.get("identifier", "") for node in texts]
        gained = {name: worth for pair, worth in self.answers.paired(response).items() for name in pair.split()}
        made = []
        weights = shares([gained[name] for name in gaps])
        for number, (name, weight) in enumerate(zip(gaps, weights, strict=True), start=1):
            keyed = tuple(replace(one, correct=pairs[name] == key) for one, key in zip(entries, names, strict=True))
            made.append(Gap(number, "choice", keyed, weight))
        places = {node: number for number, node in enumerate(gaps.values(), start=1)}
        aside = {"gapText", "prompt"}
        rest = [one for one in children(interaction) if one.tag not in aside]
        prose = self.words.prose([self.sheet.body], {interaction: 0})
        blocks = [block for block in prose.blocks if block.markdown != "{0}"]
        inner = self.words.prose([_wrapped(rest)], places)
        return self.made("cloze", Prose((*blocks, *inner.blocks)), self.prompt(interaction), gaps=tuple(made))

    def in_text(self, found: Sequence[Node]) -> Sketch:
        """Gaps in a text; one alone, below what is asked, is a short answer or a number."""
        numbers = {node: self.own.number_of(node) or place for place, node in enumerate(found, start=1)}
        prose = self.words.prose([self.sheet.body], numbers)
        if len(found) == 1 and found[0].tag == "textEntryInteraction" and self.alone(prose):
            response = self.answers.response(found[0])
            kind: Kind = "number" if _GAP_KINDS.get(response.base) == "number" else "short_text"
            blocks = [replace(one, markdown=one.markdown.replace("{1}", "").strip()) for one in prose.blocks]
            bare = Prose(tuple(one for one in blocks if one.markdown))
            return self.made(kind, bare, self.prompt(found[0]), entries=self.known(response))
        weights = [self.own.weight(node) for node in found]
        if not self.own.kind:
            weights = shares([self.answers.weight(self.answers.response(node)) for node in found])
        gaps = tuple(self.gap(node, numbers[node], weight) for node, weight in zip(found, weights, strict=True))
        return self.made("cloze", prose, gaps=gaps)

    def alone(self, prose: Prose) -> bool:
        """Whether the gap stands by itself, or right behind a question."""
        if self.own.kind:
            return self.own.kind in ("short_text", "number")
        block = next((one.markdown for one in prose.blocks if "{1}" in one.markdown), "{1}")
        before, _, after = block.partition("{1}")
        return not after.strip(" .\\\n") and (not before.strip(" \\\n") or before.rstrip(" \\\n")[-1] in "?:")

    def gap(self, node: Node, number: int, weight: Fraction) -> Gap:
        """What may fill one gap."""
        response = self.answers.response(node)
        if node.tag == "textEntryInteraction":
            return Gap(number, _GAP_KINDS.get(response.base, "short_text"), self.known(response), weight)
        return Gap(number, "choice", self.options(every(node, "inlineChoice"), response, False), weight)

    def known(self, response: Response) -> tuple[Entry, ...]:
        """The answers that count for something written."""
        if self.own.kind:
            return tuple(self.own.known(response.id, self.words))
        return tuple(self.answers.accepted(response))


_IN_TEXT = {"inlineChoiceInteraction", "textEntryInteraction"}
_READERS: Mapping[str, Callable[[Reading, Node], Sketch]] = {
    "choiceInteraction": Reading.choice,
    "orderInteraction": Reading.order,
    "matchInteraction": Reading.match,
    "hottextInteraction": Reading.hottext,
    "gapMatchInteraction": Reading.gap_match,
}
READABLE = _IN_TEXT | _READERS.keys()


def words_of(text: str) -> str:
    """A title with single blanks."""
    return " ".join(text.split())


def _wrapped(nodes: Sequence[Node]) -> Node:
    holder = Node("div")
    holder.line = nodes[0].line if nodes else 0
    holder.extend(nodes)
    return holder
