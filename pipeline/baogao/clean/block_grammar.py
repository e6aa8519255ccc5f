"""Lines of a site made up from a grammar: one thing said in the ways of many sites (corpus/blocks/grammar.yaml).

A list of lines teaches a model the words of these lines; a grammar that joins openings, offers and wishes at random makes more lines
than it could learn by heart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

Grammar = Mapping[str, Sequence[str]]
_SYMBOL = re.compile(r"<(\w+)>")


def derive(grammar: Grammar, symbol: str, random: Random) -> str:
    """A line of the rule `symbol`, its rules chosen at random. Raises KeyError for a rule that the grammar lacks.

    >>> derive({"close": ["<thanks>，再见。"], "thanks": ["谢谢"]}, "close", Random(0))
    '谢谢，再见。'
    """
    return _SYMBOL.sub(lambda match: derive(grammar, match[1], random), random.choice(grammar[symbol]))
