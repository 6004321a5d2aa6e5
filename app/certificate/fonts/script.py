"""Arabic letters joined and set from right to left, with what the standard library knows about Unicode."""

import unicodedata

_RIGHT_TO_LEFT = ("R", "AL")
_DIGITS = ("EN", "AN")
_LAM = "ل"
_TATWEEL = "ـ"
_MIRRORED = dict(zip("()[]{}«»", ")(][}{»«", strict=True))
_CLOSES = {")": "(", "]": "[", "}": "{", "»": "«"}


def _presentation_forms() -> dict[str, dict[str, str]]:
    """For each letter, or lam with alef, the sign to print when it stands alone, first, between or last."""
    forms: dict[str, dict[str, str]] = {
        _TATWEEL: dict.fromkeys(("<isolated>", "<initial>", "<medial>", "<final>"), _TATWEEL)
    }
    for point in (*range(0xFB50, 0xFBFF), *range(0xFE80, 0xFEFD)):
        kind, _, letters = unicodedata.decomposition(chr(point)).partition(" ")
        if kind.startswith("<"):
            base = "".join(chr(int(letter, 16)) for letter in letters.split())
            if len(base) == 1 or base[0] == _LAM:
                forms.setdefault(base, {})[kind] = chr(point)
    return forms


_FORMS = _presentation_forms()


def needs_shaping(text: str) -> bool:
    """Whether any letter is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text)


def visual(text: str) -> str:
    """The text in the order in which a painter who only knows left to right must set it."""
    signs = list(_joined(text))
    result: list[str] = []
    index = 0
    while index < len(signs):
        if unicodedata.bidirectional(signs[index]) in _RIGHT_TO_LEFT:
            end = _end_of_run(signs, index)
            result += _reversed(signs[index:end])
            index = end
        else:
            result.append(signs[index])
            index += 1
    return "".join(result)


def _joined(text: str) -> str:
    """Each letter in the shape that its neighbours ask for."""
    signs = list(text.replace("لا", "\ufefb").replace("لأ", "\ufef7").replace("لإ", "\ufef9").replace("لآ", "\ufef5"))
    shapes = [
        _FORMS.get(unicodedata.normalize("NFKC", sign) if "\ufef5" <= sign <= "\ufefc" else sign, {}) for sign in signs
    ]
    letters = [number for number, sign in enumerate(signs) if unicodedata.category(sign) != "Mn"]
    for position, number in enumerate(letters):
        before = shapes[letters[position - 1]] if position else {}
        after = shapes[letters[position + 1]] if position + 1 < len(letters) else {}
        own = shapes[number]
        from_before = "<initial>" in before and "<final>" in own
        to_after = "<initial>" in own and "<final>" in after
        kind = {(True, True): "<medial>", (True, False): "<final>", (False, True): "<initial>"}.get(
            (from_before, to_after), "<isolated>"
        )
        signs[number] = own.get(kind, signs[number])
    return "".join(signs)


def _end_of_run(signs: list[str], start: int) -> int:
    """The run reaches to the last letter from right to left before a letter from left to right."""
    end = start
    for number in range(start, len(signs)):
        direction = unicodedata.bidirectional(signs[number])
        if direction == "L":
            break
        if direction in (*_RIGHT_TO_LEFT, "AN", "NSM"):
            end = number
    end += 1
    run = signs[start:end]
    for closing in signs[end:]:  # a bracket that opened in the run also closes in it
        if run.count(_CLOSES.get(closing, "")) <= run.count(closing):
            break
        run.append(closing)
    return start + len(run)


def _reversed(signs: list[str]) -> list[str]:
    """A run backwards, while its numbers stay readable, marks stay with their letter and brackets turn around."""
    clusters: list[str] = []
    for sign in signs:
        direction = unicodedata.bidirectional(sign)
        number_goes_on = direction in _DIGITS and clusters and unicodedata.bidirectional(clusters[-1][-1]) in _DIGITS
        if clusters and (number_goes_on or direction == "NSM"):
            clusters[-1] += sign
        else:
            clusters.append(_MIRRORED.get(sign, sign))
    return clusters[::-1]
