"""What makes a scheme wrong.

Each ``validate_*`` function takes a scheme and returns a list of messages for the user: which line,
what is wrong, what to do. An empty list means that the rule holds.
"""
# The engine knows no Odoo environment: kmp.shu.scheme translates the messages.
# pylint: disable=prefer-env-translation

from .allocation import METHODS
from .bound_rules import validate_caps, validate_floors, validate_measures
from .capital import BASES
from .exact import plain, total
from .messages import _
from .scheme import KINDS, PARTS, PERCENT_DECIMALS, RESERVED, ROOT, WHOLE, code_errors, units_of


def validate_rounding(scheme):
    """A unit above zero and a method with a name."""
    errors = []
    if scheme.unit <= 0:
        errors.append(
            _(
                "%(scheme)s: the rounding unit is %(unit)s. It must be above zero.",
                scheme=scheme.label,
                unit=plain(scheme.unit),
            )
        )
    if scheme.method not in METHODS:
        errors.append(
            _(
                "%(scheme)s: unknown rounding method %(method)r. Use %(methods)s.",
                scheme=scheme.label,
                method=scheme.method,
                methods=" or ".join(METHODS),
            )
        )
    return errors


def validate_codes(scheme):
    """Codes are printable, unique, and none of the words that a result uses itself."""
    errors = []
    seen = set()
    for line in scheme.lines:
        errors += code_errors(line.code, f"{scheme.label}: line code")
        if line.code in RESERVED:
            errors.append(
                _(
                    "%(scheme)s: the line code %(line)s is reserved. Use another.",
                    scheme=scheme.label,
                    line=line.code,
                )
            )
        if line.code in seen:
            errors.append(
                _(
                    "%(scheme)s: two lines have the code %(line)s. Rename one.",
                    scheme=scheme.label,
                    line=line.code,
                )
            )
        seen.add(line.code)
    return errors


def validate_kinds(scheme):
    """Every line is of a known kind."""
    return [
        _(
            "%(scheme)s: line %(line)s is of the unknown kind %(kind)r. Use %(kinds)s.",
            scheme=scheme.label,
            line=line.code,
            kind=line.kind,
            kinds=", ".join(KINDS),
        )
        for line in scheme.lines
        if line.kind not in KINDS
    ]


def validate_bases(scheme):
    """A patronage line has a basis, a capital line a known base, any other line neither."""
    return [error for line in scheme.lines for error in _base_errors(scheme.label, line)]


def _base_errors(label, line):
    names = {"scheme": label, "line": line.code}
    errors = []
    if line.kind == "patronage":
        if line.basis:
            errors += code_errors(line.basis, f"{label}: patronage line {line.code}: basis")
        else:
            errors.append(
                _("%(scheme)s: patronage line %(line)s has no basis. Say which business it counts.", **names)
            )
    elif line.basis:
        errors.append(_("%(scheme)s: line %(line)s is no patronage line but has a basis. Empty it.", **names))
    if line.kind == "capital":
        if line.capital_base not in BASES:
            errors.append(
                _(
                    "%(scheme)s: capital line %(line)s has the unknown capital base %(base)r. Use %(bases)s.",
                    **names,
                    base=line.capital_base,
                    bases=", ".join(BASES),
                )
            )
    elif line.capital_base:
        errors.append(
            _("%(scheme)s: line %(line)s is no capital line but has a capital base. Empty it.", **names)
        )
    return errors


def validate_percents(scheme):
    """Every percentage lies between 0 and 100 with at most six decimals; the value of a cap may be
    larger, because it may be one of the members' capital, or no percentage at all."""
    return [
        error
        for name, percent, most in _named_percents(scheme)
        for error in _percent_errors(scheme.label, name, percent, most)
    ]


def _named_percents(scheme):
    yield "tax", scheme.tax.percent, WHOLE
    for line in scheme.lines:
        yield line.code, line.percent, WHOLE
        yield f"{line.code}/floor", line.floor, WHOLE
        if line.cap:
            yield f"{line.code}/cap", line.cap.value, None
        for code, percent in line.classes.items():
            yield f"{line.code}/{code}", percent, WHOLE


def _percent_errors(label, name, percent, most):
    names = {"scheme": label, "line": name, "percent": plain(percent)}
    if most is None and percent < 0:
        return [_("%(scheme)s: line %(line)s is %(percent)s. It must not be below zero.", **names)]
    if most is not None and not 0 <= percent <= most:
        return [
            _(
                "%(scheme)s: line %(line)s has %(percent)s percent. A percentage lies between 0 and 100.",
                **names,
            )
        ]
    numerator, denominator = percent.as_integer_ratio()
    if numerator * 10**PERCENT_DECIMALS % denominator:
        return [
            _(
                "%(scheme)s: line %(line)s has %(percent)s percent. At most %(decimals)s decimals are kept.",
                **names,
                decimals=PERCENT_DECIMALS,
            )
        ]
    return []


def validate_parents(scheme):
    """Every line is part of the surplus, of one of its parts or of a group line."""
    kinds = {line.code: line.kind for line in scheme.lines}
    errors = []
    for line in scheme.lines:
        if line.of in (ROOT, *PARTS) or kinds.get(line.of) == "group":
            continue
        names = {"scheme": scheme.label, "line": line.code, "parent": line.of}
        if line.of in kinds:
            errors.append(
                _(
                    "%(scheme)s: line %(line)s is part of %(parent)s, which is a %(kind)s line. "
                    "Only a group can be divided further.",
                    **names,
                    kind=kinds[line.of],
                )
            )
        else:
            errors.append(
                _(
                    "%(scheme)s: line %(line)s is part of %(parent)s, an unknown line. "
                    "Use %(root)s or the code of a group line.",
                    **names,
                    root=ROOT,
                )
            )
    return errors


def validate_cycles(scheme):
    """No group is part of itself, at whatever distance."""
    parents = {line.code: line.of for line in scheme.lines}
    errors = []
    done = {ROOT, *PARTS}
    for code in list(parents):
        path, end = _climb(code, parents, done)
        done.update(path)
        if end in path:
            cycle = " under ".join([*path[path.index(end) :], end])
            errors.append(
                _(
                    "%(scheme)s: group %(group)s is part of itself, a cycle (%(cycle)s). "
                    "Put one of them under %(root)s.",
                    scheme=scheme.label,
                    group=end,
                    cycle=cycle,
                    root=ROOT,
                )
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
        _(
            "%(scheme)s: group %(group)s has no lines under it. Add some, or make it a fund.",
            scheme=scheme.label,
            group=line.code,
        )
        for line in scheme.lines
        if line.kind == "group" and line.code not in children
    ]


def validate_parts(scheme):
    """A scheme divides the whole surplus or its parts, not both."""
    if scheme.roots == PARTS and any(line.of == ROOT for line in scheme.lines):
        return [
            _(
                "%(scheme)s: some lines are part of the whole surplus, others of its member or non-member "
                "part. Put all of them under one or the other.",
                scheme=scheme.label,
            )
        ]
    return []


def validate_non_member(scheme):
    """What was earned with others stays with the co-operative: for schemes that want it so."""
    parents = {line.code: line.of for line in scheme.lines}
    return [
        _(
            "%(scheme)s: line %(line)s gives members a part of what was earned with non-members. Put it "
            "under the member part, or allow it in the scheme.",
            scheme=scheme.label,
            line=line.code,
        )
        for line in scheme.pools
        if _climb(line.code, parents, set(PARTS))[1] == "non_member"
    ]


def validate_sums(scheme):
    """The lines under the surplus, and those under each group, sum to 100 percent."""
    children = scheme.children()
    empty = [root for root in scheme.roots if root not in children]
    if empty:
        return [
            _(
                "%(scheme)s: there are no lines under %(root)s. They must sum to 100 percent.",
                scheme=scheme.label,
                root=root,
            )
            for root in empty
        ]
    parents = [*scheme.roots, *(line.code for line in scheme.lines if line.kind == "group")]
    errors = []
    for parent in dict.fromkeys(parents):
        percents = [line.percent for line in children.get(parent, ())]
        if _differs_from_whole(percents):
            errors.append(
                _(
                    "%(scheme)s: the lines under %(parent)s sum to %(sum)s percent. "
                    "They must sum to 100 percent.",
                    scheme=scheme.label,
                    parent=parent,
                    sum=plain(total(percents)),
                )
            )
    return errors


def _differs_from_whole(percents):
    """Empty is not for here to judge: the message for that names another remedy."""
    return bool(percents) and total(percents) != WHOLE


def validate_classes(scheme):
    """Only pools are split by class, and the split sums to 100 percent."""
    errors = []
    for line in scheme.lines:
        names = {"scheme": scheme.label, "line": line.code}
        if line.classes and not line.is_pool:
            errors.append(
                _(
                    "%(scheme)s: the classes of line %(line)s have no effect. "
                    "Only capital and patronage lines are split.",
                    **names,
                )
            )
        for code in line.classes:
            errors += code_errors(code, f"{scheme.label}: line {line.code}: class code")
        percents = list(line.classes.values())
        if _differs_from_whole(percents):
            errors.append(
                _(
                    "%(scheme)s: the classes of line %(line)s sum to %(sum)s percent. "
                    "They must sum to 100 percent.",
                    **names,
                    sum=plain(total(percents)),
                )
            )
    return errors


def validate_reserve(scheme, amounts=()):
    """Where a residual can arise, a reserve line takes it. ``amounts`` are those of the roots."""
    if scheme.reserve:
        return []
    if scheme.method == "truncate":
        return [
            _(
                "%(scheme)s: truncating leaves residuals, and there is no reserve line to take them. Add one.",
                scheme=scheme.label,
            )
        ]
    return [
        _(
            "%(scheme)s: %(surplus)s is not a multiple of the rounding unit %(unit)s, "
            "and there is no reserve line to take the residuals. Add one.",
            scheme=scheme.label,
            surplus=plain(amount),
            unit=plain(scheme.unit),
        )
        for amount in amounts
        if scheme.unit > 0 and units_of(amount, scheme.unit)[1]
    ]


#: What the canonical form needs to be unambiguous, and then what the arithmetic needs.
SHAPE = (validate_rounding, validate_codes, validate_kinds, validate_bases, validate_measures)
RULES = (
    validate_percents,
    validate_parents,
    validate_parts,
    validate_cycles,
    validate_groups,
    validate_sums,
    validate_classes,
    validate_floors,
    validate_caps,
    validate_reserve,
)


def validate_shape(scheme):
    """All messages of the rules that the canonical form depends on."""
    return [error for rule in SHAPE for error in rule(scheme)]


def validate_scheme(scheme):
    """All messages of all rules, in a fixed order."""
    return validate_shape(scheme) + [error for rule in RULES for error in rule(scheme)]
