"""The scheme: which part of the surplus goes to which line.

A scheme is a tree. The root is the surplus; a ``group`` line divides further; ``reserve`` and
``fund`` lines keep their amount; ``capital`` and ``patronage`` lines are pools that members share,
directly or through a split by stakeholder class. UU 25/1992 art. 45 wants members paid in
proportion to their business and leaves every percentage to the general meeting: hence no number
here but 100.

What makes a scheme wrong stands in ``scheme_rules``.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from .exact import exact

ROOT = "surplus"
#: Codes that would be mistaken for something else in a result.
RESERVED = frozenset({ROOT, "total"})
KINDS = ("reserve", "fund", "group", "capital", "patronage")
POOL_KINDS = frozenset({"capital", "patronage"})
WHOLE = Decimal(100)
#: As in the database.
PERCENT_DECIMALS = 6
#: Control characters, line and paragraph separators, lone surrogates and the backslash: they would
#: break the canonical form, or PostgreSQL's COPY.
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\\]")


@dataclass(frozen=True)
class Line:
    """One node of the scheme: ``percent`` of its parent ``of`` (the surplus, or a group's code).

    A patronage line names its ``basis`` (what business is counted), a capital line its
    ``capital_base`` (see ``capital.BASES``). ``classes`` maps class code to percent when the pool
    is divided among the classes first.
    """

    code: str
    kind: str
    percent: Decimal
    of: str = ROOT
    basis: str = ""
    capital_base: str = ""
    classes: dict = field(default_factory=dict)

    def __post_init__(self):
        texts = (self.code, self.kind, self.of, self.basis, self.capital_base)
        if not all(isinstance(text, str) for text in texts):
            raise TypeError(f"Line {self.code!r}: codes, kind and base are texts, empty or not.")
        classes = {code: exact(percent) for code, percent in self.classes.items()}
        object.__setattr__(self, "percent", exact(self.percent))
        object.__setattr__(self, "classes", classes)

    @property
    def is_pool(self):
        return self.kind in POOL_KINDS

    @property
    def base(self):
        """The last field of the canonical record: the basis, the capital base or empty."""
        return self.basis or self.capital_base


@dataclass(frozen=True)
class Scheme:
    """The lines in order, and how amounts are rounded: to which unit (currency), by which method.

    The order of the lines decides ties between pools and which reserve takes the residuals.
    ``label`` only names the scheme in messages.
    """

    lines: tuple
    unit: Decimal = Decimal(1)
    method: str = "largest_remainder"
    label: str = field(default="Scheme", compare=False)

    def __post_init__(self):
        object.__setattr__(self, "lines", tuple(self.lines))
        object.__setattr__(self, "unit", exact(self.unit))

    @property
    def reserve(self):
        """The first reserve line, which takes every residual; None where there is none."""
        return next((line for line in self.lines if line.kind == "reserve"), None)

    @property
    def pools(self):
        return [line for line in self.lines if line.is_pool]

    def children(self):
        """Lines by the code of their parent, in line order."""
        children = {}
        for line in self.lines:
            children.setdefault(line.of, []).append(line)
        return children


def code_errors(code, what):
    """Why ``code`` cannot stand in a canonical record, as a list of messages."""
    if not isinstance(code, str) or not code:
        return [f"{what} {code!r} is not a code. Give it a text that is not empty."]
    if FORBIDDEN.search(code):
        return [
            f"{what} {code!r} holds a tab, a newline, a backslash or another control character. Take it out."
        ]
    return []


def units_of(amount, unit):
    """Whole rounding units in ``amount``, and whether anything is left: ``(int, bool)``."""
    numerator, denominator = exact(amount).as_integer_ratio()
    unit_numerator, unit_denominator = unit.as_integer_ratio()
    units, rest = divmod(numerator * unit_denominator, denominator * unit_numerator)
    return units, bool(rest)
