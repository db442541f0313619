"""The scheme: which part of the surplus goes to which line, and what makes a scheme wrong.

A scheme is a tree. The root is the surplus; a ``group`` line divides further; ``reserve`` and
``fund`` lines keep their amount; ``capital`` and ``patronage`` lines are pools that members share,
directly or through a split by stakeholder class. UU 25/1992 art. 45 wants members paid in
proportion to their business and leaves every percentage to the general meeting: hence no number
here but 100.

Each ``validate_*`` function takes a scheme and returns a list of messages for the user: which line,
what is wrong, what to do. An empty list means that the rule holds.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from .allocation import METHODS
from .capital import BASES
from .exact import exact, plain, total

ROOT = "surplus"
#: Codes that would be mistaken for something else in a result.
RESERVED = frozenset({ROOT, "total"})
KINDS = ("reserve", "fund", "group", "capital", "patronage")
POOL_KINDS = frozenset({"capital", "patronage"})
WHOLE = Decimal(100)
#: As in the database (architecture, decision 6).
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


def validate_rounding(scheme):
    """A unit above zero and a method with a name."""
    errors = []
    if scheme.unit <= 0:
        errors.append(f"{scheme.label}: the rounding unit is {plain(scheme.unit)}. It must be above zero.")
    if scheme.method not in METHODS:
        errors.append(
            f"{scheme.label}: unknown rounding method {scheme.method!r}. Use {' or '.join(METHODS)}."
        )
    return errors


def validate_codes(scheme):
    """Codes are printable, unique, and none of the words that a result uses itself."""
    errors = []
    seen = set()
    for line in scheme.lines:
        errors += code_errors(line.code, f"{scheme.label}: line code")
        if line.code in RESERVED:
            errors.append(f"{scheme.label}: the line code {line.code} is reserved. Use another.")
        if line.code in seen:
            errors.append(f"{scheme.label}: two lines have the code {line.code}. Rename one.")
        seen.add(line.code)
    return errors


def validate_kinds(scheme):
    """Every line is of a known kind."""
    return [
        f"{scheme.label}: line {line.code} is of the unknown kind {line.kind!r}. Use {', '.join(KINDS)}."
        for line in scheme.lines
        if line.kind not in KINDS
    ]


def validate_bases(scheme):
    """A patronage line has a basis, a capital line a known base, any other line neither."""
    return [f"{scheme.label}: {error}" for line in scheme.lines for error in _base_errors(line)]


def _base_errors(line):
    errors = []
    if line.kind == "patronage":
        if line.basis:
            errors += code_errors(line.basis, f"patronage line {line.code}: basis")
        else:
            errors.append(f"patronage line {line.code} has no basis. Say which business it counts.")
    elif line.basis:
        errors.append(f"line {line.code} is no patronage line but has a basis. Empty it.")
    if line.kind == "capital":
        if line.capital_base not in BASES:
            errors.append(
                f"capital line {line.code} has the unknown capital base {line.capital_base!r}. "
                f"Use {', '.join(BASES)}."
            )
    elif line.capital_base:
        errors.append(f"line {line.code} is no capital line but has a capital base. Empty it.")
    return errors


def validate_percents(scheme):
    """Every percentage, of a line or a class, lies between 0 and 100 with at most six decimals."""
    errors = []
    for line in scheme.lines:
        named = [(f"line {line.code}", line.percent)]
        named += [(f"line {line.code}, class {code}", share) for code, share in line.classes.items()]
        for name, percent in named:
            errors += [f"{scheme.label}: {name} {error}" for error in _percent_errors(percent)]
    return errors


def _percent_errors(percent):
    if not 0 <= percent <= WHOLE:
        return [f"has {plain(percent)} percent. A percentage lies between 0 and 100."]
    numerator, denominator = percent.as_integer_ratio()
    if numerator * 10**PERCENT_DECIMALS % denominator:
        return [f"has {plain(percent)} percent. At most {PERCENT_DECIMALS} decimals are kept."]
    return []


def validate_parents(scheme):
    """Every line is part of the surplus or of a group line."""
    kinds = {line.code: line.kind for line in scheme.lines}
    errors = []
    for line in scheme.lines:
        if line.of == ROOT or kinds.get(line.of) == "group":
            continue
        if line.of in kinds:
            problem = f"which is a {kinds[line.of]} line. Only a group can be divided further."
        else:
            problem = f"an unknown line. Use {ROOT} or the code of a group line."
        errors.append(f"{scheme.label}: line {line.code} is part of {line.of}, {problem}")
    return errors


def validate_cycles(scheme):
    """No group is part of itself, at whatever distance."""
    parents = {line.code: line.of for line in scheme.lines}
    errors = []
    done = {ROOT}
    for code in list(parents):
        path, end = _climb(code, parents, done)
        done.update(path)
        if end in path:
            cycle = " under ".join([*path[path.index(end) :], end])
            errors.append(
                f"{scheme.label}: group {end} is part of itself, a cycle ({cycle}). "
                f"Put one of them under {ROOT}."
            )
    return errors


def _climb(code, parents, done):
    """The codes from ``code`` upwards, and where the way ends: known already, or met twice."""
    path = {}
    while code in parents and code not in done and code not in path:
        path[code] = None
        code = parents[code]
    return list(path), code


def validate_groups(scheme):
    """Every group has lines under it."""
    children = scheme.children()
    return [
        f"{scheme.label}: group {line.code} has no lines under it. Add some, or make it a fund."
        for line in scheme.lines
        if line.kind == "group" and line.code not in children
    ]


def validate_sums(scheme):
    """The lines under the surplus, and those under each group, sum to 100 percent."""
    children = scheme.children()
    if ROOT not in children:
        return [f"{scheme.label}: there are no lines under {ROOT}. They must sum to 100 percent."]
    parents = [ROOT, *(line.code for line in scheme.lines if line.kind == "group")]
    errors = []
    for parent in dict.fromkeys(parents):
        percents = [line.percent for line in children.get(parent, ())]
        errors += _sum_errors(percents, f"{scheme.label}: the lines under {parent}")
    return errors


def _sum_errors(percents, what):
    """Empty is not for here to judge: the message for that names another remedy."""
    result = total(percents)
    if not percents or result == WHOLE:
        return []
    return [f"{what} sum to {plain(result)} percent. They must sum to 100 percent."]


def validate_classes(scheme):
    """Only pools are split by class, and the split sums to 100 percent."""
    errors = []
    for line in scheme.lines:
        name = f"{scheme.label}: the classes of line {line.code}"
        if line.classes and not line.is_pool:
            errors.append(f"{name} have no effect. Only capital and patronage lines are split.")
        for code in line.classes:
            errors += code_errors(code, f"{scheme.label}: line {line.code}: class code")
        errors += _sum_errors(list(line.classes.values()), name)
    return errors


def validate_reserve(scheme, surplus=Decimal(0)):
    """Where a residual can arise, a reserve line takes it. ``surplus`` is currency."""
    if scheme.reserve:
        return []
    if scheme.method == "truncate":
        reason = "truncating leaves residuals"
    elif scheme.unit > 0 and units_of(surplus, scheme.unit)[1]:
        reason = f"{plain(surplus)} is not a multiple of the rounding unit {plain(scheme.unit)}"
    else:
        return []
    return [f"{scheme.label}: {reason}, and there is no reserve line to take them. Add one."]


def units_of(amount, unit):
    """Whole rounding units in ``amount``, and whether anything is left: ``(int, bool)``."""
    numerator, denominator = exact(amount).as_integer_ratio()
    unit_numerator, unit_denominator = unit.as_integer_ratio()
    units, rest = divmod(numerator * unit_denominator, denominator * unit_numerator)
    return units, bool(rest)


#: What the canonical form needs to be unambiguous, and then what the arithmetic needs.
SHAPE = (validate_rounding, validate_codes, validate_kinds, validate_bases)
RULES = (
    validate_percents,
    validate_parents,
    validate_cycles,
    validate_groups,
    validate_sums,
    validate_classes,
    validate_reserve,
)


def validate_shape(scheme):
    """All messages of the rules that the canonical form depends on."""
    return [error for rule in SHAPE for error in rule(scheme)]


def validate_scheme(scheme):
    """All messages of all rules, in a fixed order."""
    return validate_shape(scheme) + [error for rule in RULES for error in rule(scheme)]
