"""What the figures of a question say to its trainer: what is wrong, what to do. Pure.

The bounds are those of the test blueprint: a question that nearly all or hardly any answer rightly, or whose answers
have little to do with the rest of the quiz, is looked at again, once it has fifty answers. Before that chance speaks
louder than the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.bank.analysis import Figures, Spread
from app.bank.answers import FEW, Choice, Group, groups
from app.course.item import Item
from app.errors import N_, Fact

ENOUGH = 50  # answers before anything is said
TOO_EASY, TOO_HARD = 0.95, 0.25  # facility
WEAK = 0.15  # discrimination
MANY_OMIT = 0.10  # share who left it out
SLOW = 120  # seconds, median
FAR_OFF = 0.15  # facility below what the author expects
LONGEST_QUOTE = 60  # letters

Code = Literal["key", "hard", "flat", "easy", "never", "omitted", "slow", "harder", "early", "fine"]
# Those before "never" send a question to the review list; the others are advice.
REVIEW: tuple[Code, ...] = ("key", "hard", "flat", "easy")
ORDER: tuple[Code, ...] = (*REVIEW, "never", "omitted", "slow", "harder", "fine", "early")
_SAYS_ALREADY: Mapping[Code, frozenset[Code]] = {
    "hard": frozenset({"key"}),
    "harder": frozenset({"key", "hard"}),
    "flat": frozenset({"key", "easy"}),
}
# A word for the table, where there is no room for a sentence.
WORDS: Mapping[Code, str] = {
    "key": N_("Periksa kunci"),
    "hard": N_("Terlalu sulit"),
    "flat": N_("Kurang membedakan"),
    "easy": N_("Terlalu mudah"),
    "never": N_("Pengecoh mati"),
    "omitted": N_("Banyak dilewati"),
    "slow": N_("Lama dijawab"),
    "harder": N_("Lebih sulit dari perkiraan"),
    "fine": N_("Baik"),
    "early": N_("Terlalu dini"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a question; the sentence is untranslated, its facts are plain."""

    code: Code
    message: str
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)

    @property
    def review(self) -> bool:
        """Whether it sends the question to the review list."""
        return self.code in REVIEW

    @property
    def text(self) -> str:
        """The sentence in Indonesian."""
        return self.message % self.facts


def findings(number: int, item: Item, figures: Figures | None) -> list[Finding]:
    """Everything the figures say about this question, the gravest first; never empty."""
    soal: dict[str, Fact] = {"number": number}
    n = figures.n if figures is not None else 0
    if figures is None or n < ENOUGH:
        return [_early(soal, n)]
    found = sorted(_wrong(soal, item, figures), key=lambda one: ORDER.index(one.code))
    grave = {one.code for one in found}
    # What follows from something else is not said as well: a wrong key makes a question hard, and of a question that
    # all answer rightly no figure could tell the strong.
    found = [one for one in found if not grave & _SAYS_ALREADY.get(one.code, frozenset())]
    return found or [Finding("fine", N_("Soal %(number)s: tidak ada yang perlu diperbaiki."), soal)]


def _early(soal: dict[str, Fact], n: int) -> Finding:
    if n < FEW:
        return Finding("early", N_("Soal %(number)s: jawabannya belum cukup untuk dinilai. Tunggu sampai 50."), soal)
    return Finding(
        "early", N_("Soal %(number)s: baru %(n)s jawaban. Tunggu sampai 50 sebelum mengubahnya."), soal | {"n": n}
    )


def _wrong(soal: dict[str, Fact], item: Item, figures: Figures) -> Iterator[Finding]:
    assert figures.facility is not None
    share = soal | {"percent": round(100 * figures.facility)}
    yield from _key(soal, item, figures)
    if figures.facility < TOO_HARD:
        message = N_(
            "Soal %(number)s: terlalu sulit, rata-rata benar hanya %(percent)s%%."
            " Periksa apakah materinya sudah mengajarkan ini."
        )
        yield Finding("hard", message, share)
    elif figures.facility > TOO_EASY:
        message = N_(
            "Soal %(number)s: terlalu mudah, rata-rata benar %(percent)s%%."
            " Buat pengecohnya lebih mirip kekeliruan yang nyata."
        )
        yield Finding("easy", message, share)
    if figures.discrimination is not None and 0 <= figures.discrimination < WEAK:
        message = N_(
            "Soal %(number)s: peserta yang kuat dan yang lemah hampir sama sering benar. Perjelas pertanyaannya."
        )
        yield Finding("flat", message, soal)
    yield from _never(soal, item, figures.spread)
    if figures.omission is not None and figures.omission > MANY_OMIT:
        message = N_("Soal %(number)s: %(percent)s%% peserta melewatinya. Perpendek atau perjelas pertanyaannya.")
        yield Finding("omitted", message, soal | {"percent": round(100 * figures.omission)})
    if figures.seconds is not None and figures.seconds > SLOW:
        message = N_(
            "Soal %(number)s: lama sekali dijawab, separuh peserta perlu lebih dari %(minutes)s menit."
            " Ringkas teksnya atau bagi menjadi dua soal."
        )
        yield Finding("slow", message, soal | {"minutes": int(figures.seconds // 60)})
    if item.difficulty is not None and item.difficulty - figures.facility > FAR_OFF:
        message = N_(
            "Soal %(number)s: lebih sulit dari perkiraan penulis (sulit=%(difficulty)s)."
            " Rata-rata benar hanya %(percent)s%%. Periksa kalimatnya atau ubah perkiraannya."
        )
        yield Finding("harder", message, share | {"difficulty": f"{item.difficulty:g}"})


def _key(soal: dict[str, Fact], item: Item, figures: Figures) -> Iterator[Finding]:
    """The strong chose something else than the key, or were right less often than the weak."""
    for group in groups(item, figures.spread):
        if (rival := _rival(group, figures.spread)) is None:
            continue
        if not group.part:
            message = N_("Soal %(number)s: peserta yang kuat justru memilih %(option)s. Periksa kuncinya.")
            yield Finding("key", message, soal | {"option": rival.letter})
        elif item.kind == "true_false":
            message = N_("Soal %(number)s: peserta yang kuat justru memilih “%(option)s”. Periksa kuncinya.")
            yield Finding("key", message, soal | {"option": _short(rival.text)})
        else:
            message = N_(
                "Soal %(number)s: pada “%(part)s” peserta yang kuat justru memilih “%(option)s”. Periksa kuncinya."
            )
            yield Finding("key", message, soal | {"part": _short(group.about), "option": _short(rival.text)})
        return
    if figures.discrimination is not None and figures.discrimination < 0:
        message = N_(
            "Soal %(number)s: peserta yang kuat justru lebih sering salah daripada yang lemah."
            " Periksa kunci dan kalimatnya."
        )
        yield Finding("key", message, soal)


def _rival(group: Group, spread: Spread) -> Choice | None:
    """What the upper third chose more often than the key."""
    if not group.alone:
        return None
    right = max((spread.of(one.mark, "upper") for one in group.choices if one.right), default=0)
    wrong = [one for one in group.choices if not one.right and spread.of(one.mark, "upper") > right]
    return max(wrong, key=lambda one: spread.of(one.mark, "upper"), default=None)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_QUOTE else plain[: LONGEST_QUOTE - 1].rstrip() + "…"


def _never(soal: dict[str, Fact], item: Item, spread: Spread) -> Iterator[Finding]:
    """Wrong options that nobody chose: they only cost reading time."""
    if not item.chosen_from:
        return
    (group,) = groups(item, spread)
    dead = [one.letter for one in group.choices if not one.right and not spread.total(one.mark)]
    if len(dead) == 1:
        message = N_("Soal %(number)s: pengecoh %(option)s tidak pernah dipilih. Ganti dengan kekeliruan yang nyata.")
        yield Finding("never", message, soal | {"option": dead[0]})
    elif dead:
        message = N_("Soal %(number)s: pengecoh %(options)s tidak pernah dipilih. Ganti dengan kekeliruan yang nyata.")
        yield Finding("never", message, soal | {"options": ", ".join(dead)})
