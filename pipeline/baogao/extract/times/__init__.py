"""Time expressions of a report's clean text.

`find_times` gives each expression with what it says by itself; `find_signed` and `find_period` read the dates of the report as a
whole from them; `resolve_years` then fills in the years that the sentence, the period or the signature gives.
"""

from baogao.extract.times.find import find_times
from baogao.extract.times.grammar import TimeExpression
from baogao.extract.times.period import find_period
from baogao.extract.times.signature import find_signed
from baogao.extract.times.years import resolve_years

__all__ = ["TimeExpression", "find_period", "find_signed", "find_times", "resolve_years"]
