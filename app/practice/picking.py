"""Which questions are practised, and in which order: pure, and the same for the same seed and past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from random import Random

from app.course.asking import shuffled
from app.course.item import Item
from app.course.shapes import Course, Module
from app.enrollment.rules import Progress, module_complete
from app.practice.rules import ASKED, quiz_may_be_told

# As in quiz.draw: item id, and the ids of its options in the order shown.
Draw = list[tuple[str, list[str]]]
APART = 2  # questions, at least, between a question and itself
_NEVER = datetime.min.replace(tzinfo=UTC)


@lru_cache(maxsize=1024)
def pool(module: Module, quiz: bool = True) -> tuple[Item, ...]:
    """The questions of a module to practise: those of its lessons' cards, and of its quiz unless `quiz` is off.

    Those of the practical task stay out: they are about what stands beside them.
    """
    on_cards = [item for lesson in module.lessons for item in lesson.items]
    return tuple(item for item in (*on_cards, *(module.items if quiz else ())) if item.drawable)


def pools(course: Course, module: Module, progress: Progress) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """What may be practised of this module, and of the complete modules before it."""
    before = [one for one in course.modules if one.number < module.number and module_complete(one, progress)]
    earlier = (item for one in before for item in pool(one, quiz_may_be_told(course, one, progress)))
    return pool(module, quiz_may_be_told(course, module, progress)), tuple(earlier)


def seed(enrollment_id: int, module: str, number: int = 0) -> str:
    """What the order of a Kilas Balik, or (0) of a set, begins with: everybody has their own."""
    return f"{enrollment_id} {module} {number}"


def recalled(own: Sequence[Item], earlier: Sequence[Item], seen: Mapping[str, datetime], seed: str) -> list[Item]:
    """The questions of a Kilas Balik: seen longest ago first, and one of an earlier module among them if there is one.

    Where the module has too few of its own, earlier modules give more.
    """
    # Repeatable by design: the page and the answer to it draw the same.
    chance = Random(seed)  # noqa: S311
    mine, others = _longest_ago(own, seen, chance), _longest_ago(earlier, seen, chance)
    chosen = mine[: ASKED - bool(others)]
    chosen += others[: ASKED - len(chosen)]
    chance.shuffle(chosen)
    return chosen


def _longest_ago(items: Iterable[Item], seen: Mapping[str, datetime], chance: Random) -> list[Item]:
    ranked = sorted(items, key=lambda item: item.id)
    chance.shuffle(ranked)
    return sorted(ranked, key=lambda item: seen.get(item.id, _NEVER))


def laid_out(items: Iterable[Item], seed: str) -> Draw:
    """These questions with their options in the order shown; the order in one is none of another's business."""
    return [(item.id, shuffled(item, Random(f"{seed} {item.id}"))) for item in items]  # noqa: S311 (see above)


def following(items: Collection[Item], asked: Sequence[tuple[str, bool]], seed: str) -> Item | None:
    """The next question of a set after these (id, and whether it was answered rightly; the oldest first).

    In rounds: no question comes again before all others were asked as often. The first round goes by chance; later
    ones begin with those answered wrongly last time. Between a question and itself lie APART others, where there are.
    """
    times = Counter(item for item, _ in asked)
    last = {item: (place, right) for place, (item, right) in enumerate(asked)}
    least = min((times[item.id] for item in items), default=0)
    ranked = sorted((item for item in items if times[item.id] == least), key=lambda item: item.id)
    Random(seed).shuffle(ranked)  # noqa: S311 (see above)
    for apart in range(min(APART, len(items) - 1), -1, -1):
        recent = {item for item, _ in asked[len(asked) - apart :]}
        open_now = [item for item in ranked if item.id not in recent]
        if open_now:
            return min(open_now, key=lambda item: last[item.id][::-1] if item.id in last else (False, -1))
    return None
