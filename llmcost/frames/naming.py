"""A rate sheet for names alone: which kinds of call there are, where no table says it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from ..collecting import collecting_later
from ..core.meters import METERS as KNOWN_METERS
from ..core.tiers import STANDARD, TIER_WORDS
from ..errors import ArgumentError, PriceDataError, did_you_mean, shown
from .building import Names
from .packing import Code
from .words import numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..api.costmap import CostMap
    from .asking import Answer
    from .building import Card, Key
    from .sheet import Sheet

METERS = ("input", "cache_read", "cache_write", "cache_write_1h", "output", "reasoning")
FACTS = ("service_tier", "batch")
_KNOWN_FACTS = (*FACTS, "time", "duration", "aggregate")
# Of so many counters that matter to a card every combination is a kind of call of its own.
_EVERY_COMBINATION = 3


def sheet_of_names(
    prices: CostMap, names: Iterable[Any], meters: Sequence[str] | None, facts: Sequence[str] | None
) -> Sheet:
    """Return the rates of names: each tier that their cards have, batches, thresholds, days and hours.

    Where it matters to a card which counters are above 0, the combinations are none, input, output, both and all.

    Raises PriceDataError for a name that is no text, and ArgumentError for an unknown meter or fact.
    """
    for kind, given, known in (("meters", meters, KNOWN_METERS), ("facts", facts, _KNOWN_FACTS)):
        if isinstance(given, str):
            raise ArgumentError(f"{kind}={shown(given)}: write {kind}=[{shown(given)}]")
        for word in given or ():
            if not isinstance(word, str) or word not in known:
                raise ArgumentError(
                    f"{kind}=[{shown(word)}]: there is no such {kind[:-1]}.{did_you_mean(str(word), known)}"
                )
    stated = FACTS if facts is None else tuple(facts)
    tiers = numbered(sorted(TIER_WORDS), prices) if "service_tier" in stated else {}
    found = Names(prices, METERS if meters is None else tuple(meters), tiers, stated)
    answers: dict[Code, Answer] = {}
    with collecting_later():
        for name in names:
            card = found.add(_key(name))
            if card is not None:
                # Card by card: the map keeps the cards that it was asked for last.
                _ask(found, card, answers)
        found.close()
        if found.packing.sizes["counted"] == 1:
            answers = {code._replace(counted=0): answer for code, answer in answers.items()}
        return found.sheet(answers)


def _key(name: Any) -> Key:
    key = (name,) if isinstance(name, str) else name
    if (
        not isinstance(key, tuple)
        or not 1 <= len(key) <= 3
        or not all(isinstance(one, str) or one is None for one in key)
    ):
        raise PriceDataError(
            f"{shown(name)} is no name: write 'gpt-4o', or (model, provider) or (model, provider, region)"
        )
    model, provider, region = (*(one or None for one in key), None, None)[:3]
    return model, provider, region


def _ask(names: Names, card: Card, answers: dict[Code, Answer]) -> None:
    for code in _codes(names, card):
        answer = names.answer(code)
        if answer is not None:
            answers[code] = answer


def _codes(names: Names, card: Card) -> Iterator[Code]:
    """Yield the kinds of call of a card."""
    tells, facts = card.tells, names.facts
    own = [number for word, number in names.tiers.items() if TIER_WORDS[word] in {STANDARD, *tells.tiers}]
    timed = "time" in facts
    for digits in product(
        sorted({0, *own}),
        (0, 1) if "batch" in facts else (0,),
        (0, 1) if "aggregate" in facts else (0,),
        range(len(tells.context) + 1),
        range(len(tells.moments) + 2 if timed else 1),
        range(len(tells.week) + 1 if timed else 1),
        range(len(tells.duration) + 2 if "duration" in facts else 1),
        _counted(names, card),
        _presences(card),
    ):
        code = Code(card.number, *digits)
        # A sum of calls has no prompt of one request, and a call without a time no hour.
        if not (code.aggregate and code.context) and not (code.week and not code.time):
            yield code


def _counted(names: Names, card: Card) -> tuple[int, ...]:
    if not names.asks(card):
        return (1,)
    return (0, 1) if card.tells.additive else (0,)


def _presences(card: Card) -> list[int]:
    bits = card.needs
    if len(bits) <= _EVERY_COMBINATION:
        return list(range(1 << len(bits)))
    main = [bits[meter] for meter in ("input", "output") if meter in bits]
    return sorted({0, *main, sum(main), sum(bits.values())})
