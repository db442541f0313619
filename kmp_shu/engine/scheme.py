"""The scheme: which part of the surplus goes to which line.

A scheme is a tree. The root is the surplus, or its two parts, what was earned with members and what
with others; a ``group`` line divides further; ``reserve`` and ``fund`` lines keep their amount;
``capital`` and ``patronage`` lines are pools that members share, directly or through a split by
stakeholder class. UU 25/1992 art. 45 wants members paid in proportion to their business and leaves
every percentage to the general meeting: hence no number here but 100.

What makes a scheme wrong stands in ``scheme_rules``.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from .exact import exact

ROOT = "surplus"
#: The parts of the surplus, which come from the ledger: amounts, not percentages.
PARTS = ("member", "non_member")
#: Codes that would be mistaken for something else in a result.
RESERVED = frozenset({ROOT, *PARTS, "total"})
KINDS = ("reserve", "fund", "group", "capital", "patronage")
POOL_KINDS = frozenset({"capital", "patronage"})
CAP_MEASURES = ("surplus", "weight", "rate", "condition")
TAX_BASES = ("all", "capital", "patronage")
WHOLE = Decimal(100)
#: As in the database.
PERCENT_DECIMALS = 6
#: Control characters, line and paragraph separators, lone surrogates and the backslash: they would
#: break the canonical form, or PostgreSQL's COPY.
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\\]")


@dataclass(frozen=True)
class Cap:
    """The most that a line may get. ``value`` is, by ``measure``:

    ``surplus``    percent of the surplus, or of the part of it that the line stands under;
    ``weight``     percent of the pool's total weight (6 percent on the capital, say);
    ``rate``       how many times the rate of the sibling pool ``reference`` (amount / weight);
    ``condition``  0: the condition of the line was not met, and the line gets nothing.

    What is above goes to the sibling ``excess``, or to all siblings by percent where that is empty.
    """

    measure: str
    value: Decimal
    reference: str = ""
    excess: str = ""

    def __post_init__(self):
        _check_texts(f"A cap by {self.measure!r}", self.measure, self.reference, self.excess)
        object.__setattr__(self, "value", exact(self.value))


@dataclass(frozen=True)
class Tax:
    """What is withheld from a member's share: ``percent`` of ``base`` (all of it, or its part on
    capital or patronage), nothing while that is at most ``exempt`` (currency). The exemption is a
    cliff: above it the whole base is taxed, as PP 15/2009 has it for interest on savings.
    """

    percent: Decimal = Decimal(0)
    base: str = ""
    exempt: Decimal = Decimal(0)

    def __post_init__(self):
        _check_texts("The tax", self.base)
        object.__setattr__(self, "percent", exact(self.percent))
        object.__setattr__(self, "exempt", exact(self.exempt))

    def counts(self, kind):
        """Whether shares in a line of this kind are part of the base."""
        return bool(self.percent) and self.base in ("all", kind)


@dataclass(frozen=True)
class Line:
    """One node of the scheme: ``percent`` of its parent ``of`` (the surplus or one of its parts, or
    a group's code).

    A patronage line names its ``basis`` (what business is counted), a capital line its
    ``capital_base`` (see ``capital.BASES``). ``classes`` maps class code to percent when the pool
    is divided among the classes first. ``floor`` is the percent of the surplus, or of the part
    that the line stands under, that it gets at least; ``cap`` is what it gets at most.
    """

    code: str
    kind: str
    percent: Decimal
    of: str = ROOT
    basis: str = ""
    capital_base: str = ""
    classes: dict = field(default_factory=dict)
    floor: Decimal = Decimal(0)
    cap: Cap | None = None

    def __post_init__(self):
        texts = (self.code, self.kind, self.of, self.basis, self.capital_base)
        _check_texts(f"Line {self.code!r}", *texts)
        classes = {code: exact(percent) for code, percent in self.classes.items()}
        object.__setattr__(self, "percent", exact(self.percent))
        object.__setattr__(self, "floor", exact(self.floor))
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
    """The lines in order, how amounts are rounded (to which unit, in currency, by which method),
    and what is withheld from the members' shares.

    The order of the lines decides ties between pools and which reserve takes the residuals.
    ``label`` only names the scheme in messages.
    """

    lines: tuple
    unit: Decimal = Decimal(1)
    method: str = "largest_remainder"
    label: str = field(default="Scheme", compare=False)
    tax: Tax = field(default_factory=Tax)

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

    @property
    def roots(self):
        """What the top lines are parts of: the surplus, or each of its parts."""
        return PARTS if any(line.of in PARTS for line in self.lines) else (ROOT,)

    @property
    def weighed(self):
        """The pools whose total weight a cap has to know, in line order."""
        caps = {line.code: line.cap for line in self.lines if line.cap}
        wanted = {code for code, cap in caps.items() if cap.measure in ("weight", "rate")}
        wanted |= {cap.reference for cap in caps.values() if cap.measure == "rate"}
        return [line for line in self.pools if line.code in wanted]

    def children(self):
        """Lines by the code of their parent, in line order."""
        children = {}
        for line in self.lines:
            children.setdefault(line.of, []).append(line)
        return children


def _check_texts(what, *texts):
    """Odoo gives False for an empty field, and that is no text."""
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{what}: codes, kind and base are texts, empty or not.")


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
