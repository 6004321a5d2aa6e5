"""A course for listeners: many questions of every kind, made of invented words.

What may not be told before an attempt is closed stands nowhere else. The right answer is always written first, as
careless people do.
"""

from __future__ import annotations

import base64
from random import Random

from app.course.item import KINDS, Item, Kind, Part
from tests.builders_course import COURSE, a_course_files, a_question, a_question_file
from tests.builders_items import a_picture

EACH = 12  # questions of each kind
TAKE = 10
SECRET = "rahasia"  # with these letters begins every word that may not be told
_SYLLABLES = [first + second for first in "bdgklmnprst" for second in "aeiou"]


def a_course_of_secrets(seed: int = 20261125) -> dict[str, str]:
    """The small course with these questions in the quiz of its first module."""
    maker = _Maker(seed)
    quiz = [maker.question(kind, f"uji-{kind.replace('_', '-')}-{n}") for n in range(EACH) for kind in KINDS]
    more = {
        "course.toml": COURSE.replace("[kuis]\nambil = 2", f"[kuis]\nambil = {TAKE}"),
        "1-pesan/kuis.md": a_question_file(*quiz),
        "2-pintu/kuis.md": a_question_file(*(a_question(f"pintu-kuis-{n}", key=n % 3) for n in range(1, 2 * TAKE + 1))),
    }
    return a_course_files(**more, **maker.pictures)


class _Maker:
    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.said: set[str] = set()
        self.pictures: dict[str, str] = {}

    def word(self, length: int = 8) -> str:
        """A word that nobody has said before."""
        while True:
            made = "".join(self.chance.choice(_SYLLABLES) for _ in range(length // 2))
            if made not in self.said:
                self.said.add(made)
                return made

    def told(self) -> str:
        """A feedback, which may be read only afterwards."""
        return f"  > {SECRET}{self.word()} {SECRET}{self.word()}."

    def tasks(self, keys: int, others: int, words: list[str] | None = None) -> str:
        texts = words or [self.word() for _ in range(keys + others)]
        return "\n".join(f"- [{'x' if n < keys else ' '}] {text}\n{self.told()}" for n, text in enumerate(texts))

    def question(self, kind: Kind, name: str) -> str:
        """One question of this kind."""
        word, below = getattr(self, f"_{kind}")()
        explanation = f"### Pembahasan\n\n{SECRET}{self.word()} {SECRET}{self.word()}.\n"
        heading = f"## {self.word()} {self.word()}? {{#{name} jenis={word} bloom=terapkan tujuan=1}}"
        return f"{heading}\n\n{below}\n\n{explanation}"

    def _single_choice(self) -> tuple[str, str]:
        return "pilihan", self.tasks(1, 3)

    def _multiple_response(self) -> tuple[str, str]:
        return "pilihan-ganda", self.tasks(2, 2)

    def _true_false(self) -> tuple[str, str]:
        verdicts = "\n".join(
            f"- [{mark}] {said}\n{self.told()}" for mark, said in zip("x ", ("Benar", "Salah"), strict=True)
        )
        return "benar-salah", f"{verdicts}\n\n### Alasan\n\n{self.tasks(1, 2)}"

    def _ordering(self) -> tuple[str, str]:
        return "urutan", "\n".join(f"{n}. {self.word()}\n{self.told()}" for n in range(1, 5))

    def _matching(self) -> tuple[str, str]:
        pairs = [f"- {self.word()} => {self.word()}\n{self.told()}" for _ in range(3)]
        return "pasangan", "\n".join([*pairs, f"- => {self.word()}"])

    def _hotspot_text(self) -> tuple[str, str]:
        words = [self.word() for _ in range(4)]
        message = self.chance.sample(words, 4)
        return "tanda", f'::: pesan dari="0800-0000-0000"\n{", ".join(message)}.\n:::\n\n{self.tasks(2, 2, words)}'

    def _short_text(self) -> tuple[str, str]:
        return "isian", f"- [x] {SECRET}{self.word()}\n{self.told()}\n- [ ] {SECRET}{self.word()}\n{self.told()}"

    def _number(self) -> tuple[str, str]:
        return "angka", f"- [x] {self.chance.randrange(77_770_000, 77_779_999)}\n{self.told()}"

    def _cloze(self) -> tuple[str, str]:
        text = f"{self.word()} {{1}} {self.word()} {{2}} {self.word()} {{3}}."
        gaps = (f"{{1}}\n{self.tasks(1, 3)}", f"{{2 isian}}\n- [x] {SECRET}{self.word()}\n{self.told()}",
                f"{{3 angka}}\n- [x] {self.chance.randrange(77_770_000, 77_779_999)}\n{self.told()}")  # fmt: skip
        return "rumpang", "\n\n".join([text, *gaps])

    def _picture_choice(self) -> tuple[str, str]:
        lines = []
        for n in range(3):
            # The trainer's own name of the file would tell the key.
            file = f"media/{SECRET}-{self.word()}-{'kunci' if n == 0 else 'pengecoh'}.png"
            picture = a_picture(colour=self.chance.randbytes(3))
            self.pictures[file] = base64.b64encode(picture).decode()
            lines.append(f"- [{'x' if n == 0 else ' '}] ![{self.word()}]({file})\n{self.told()}")
        return "gambar", "\n".join(lines)


def right_and_wrong(item: Item) -> tuple[list[str], list[str]]:
    """A right and a wrong answer of the same length in every part."""
    if item.chosen_from:
        keys = [option.id for option in item.options if option.correct]
        return keys, [option.id for option in item.options if not option.correct][: len(keys)]
    if item.kind in ("short_text", "number"):
        return [item.options[0].text], [item.options[0].text[::-1]]
    if item.kind == "ordering":
        places = [*range(1, len(item.options) + 1)]
        return [
            [f"{one.id}={n}" for one, n in zip(item.options, order, strict=True)] for order in (places, places[::-1])
        ]
    return [f"{part.id}={_key(part)}" for part in item.parts], [f"{part.id}={_other(part)}" for part in item.parts]


def _key(part: Part) -> str:
    option = next(option for option in part.options if option.correct)
    return option.id if part.kind == "choice" else option.text


def _other(part: Part) -> str:
    return (
        next(option.id for option in part.options if not option.correct) if part.kind == "choice" else _key(part)[::-1]
    )


def secrets(item: Item) -> set[str]:
    """Everything that may not be told about it: what is said afterwards, what is accepted."""
    found = {item.explanation} | {option.feedback for option in item.every_option}
    written = [part.options for part in item.parts if part.kind != "choice"]
    written += [item.options] if item.kind in ("short_text", "number") else []
    return {one for one in found if one} | {option.text for options in written for option in options}
