"""What makes the floors, the caps and the tax of a scheme wrong; ``scheme_rules`` has the rest.

Each ``validate_*`` function takes a scheme and returns a list of messages for the user.
"""
# The engine knows no Odoo environment: kmp.shu.scheme translates the messages.
# pylint: disable=prefer-env-translation

from .exact import plain, total
from .messages import _
from .scheme import CAP_MEASURES, TAX_BASES, WHOLE

RETAINED = ("reserve", "fund")


def validate_measures(scheme):
    """Every cap is of a known measure, and the tax of a known base."""
    errors = [
        _(
            "%(scheme)s: the cap of line %(line)s has the unknown measure %(measure)r. Use %(measures)s.",
            scheme=scheme.label,
            line=line.code,
            measure=line.cap.measure,
            measures=", ".join(CAP_MEASURES),
        )
        for line in scheme.lines
        if line.cap and line.cap.measure not in CAP_MEASURES
    ]
    return errors + _tax_errors(scheme)


def _tax_errors(scheme):
    tax, names = scheme.tax, {"scheme": scheme.label}
    if tax.percent and tax.base not in TAX_BASES:
        return [
            _(
                "%(scheme)s: the tax has the unknown base %(base)r. Use %(bases)s.",
                **names,
                base=tax.base,
                bases=", ".join(TAX_BASES),
            )
        ]
    if not tax.percent and (tax.base or tax.exempt):
        return [_("%(scheme)s: the tax has a base or an exemption but no percent. Empty them.", **names)]
    if tax.exempt < 0:
        return [_("%(scheme)s: the exemption of the tax is below zero. Use 0 for none.", **names)]
    return []


def validate_floors(scheme):
    """Floors at the top leave something to share, and no cap lies below the line's own floor."""
    errors = [error for root in scheme.roots for error in _floor_sum_errors(scheme, root)]
    for line in scheme.lines:
        if not (line.floor and line.cap):
            continue
        names = {"scheme": scheme.label, "line": line.code}
        if line.cap.measure != "surplus":
            errors.append(
                _(
                    "%(scheme)s: line %(line)s has a floor and a cap that is no percent of the surplus: the "
                    "cap could be lower. Take one of them away.",
                    **names,
                )
            )
        elif line.cap.value < line.floor:
            errors.append(
                _(
                    "%(scheme)s: line %(line)s gets at least %(floor)s and at most %(cap)s percent of the "
                    "surplus. Raise the cap or lower the floor.",
                    **names,
                    floor=plain(line.floor),
                    cap=plain(line.cap.value),
                )
            )
    return errors


def _floor_sum_errors(scheme, root):
    floors = total(line.floor for line in scheme.children().get(root, ()))
    if floors <= WHOLE:
        return []
    return [
        _(
            "%(scheme)s: the floors of the lines under %(parent)s sum to %(sum)s percent, more than there "
            "is. Lower one.",
            scheme=scheme.label,
            parent=root,
            sum=plain(floors),
        )
    ]


def validate_caps(scheme):
    """A cap can be computed, and somebody takes what is above it."""
    children, lines = scheme.children(), {line.code: line for line in scheme.lines}
    places = {code: place for place, code in enumerate(lines)}
    errors = []
    for line in scheme.lines:
        if line.cap:
            errors += _value_errors(scheme, line)
            errors += _reference_errors(scheme, line, lines.get(line.cap.reference), places)
            errors += _excess_errors(scheme, line, lines.get(line.cap.excess), children[line.of])
    return errors


def _value_errors(scheme, line):
    names = {"scheme": scheme.label, "line": line.code}
    cap, errors = line.cap, []
    if cap.measure in ("weight", "rate") and not line.is_pool:
        errors.append(
            _(
                "%(scheme)s: line %(line)s has a cap by weight or rate, but no members share it. Use a "
                "percent of the surplus.",
                **names,
            )
        )
    if cap.measure == "condition" and cap.value:
        errors.append(
            _(
                "%(scheme)s: line %(line)s gets nothing when its condition is not met. Empty the value of "
                "the cap.",
                **names,
            )
        )
    return errors


def _reference_errors(scheme, line, reference, places):
    """The rate of a sibling pool, which does not change any more when this line is looked at."""
    names = {"scheme": scheme.label, "line": line.code, "reference": line.cap.reference}
    if line.cap.measure != "rate":
        if not line.cap.reference:
            return []
        return [_("%(scheme)s: the cap of line %(line)s is no rate but has a reference. Empty it.", **names)]
    if not (reference and reference.is_pool and reference.of == line.of and reference is not line):
        return [
            _(
                "%(scheme)s: the rate of line %(line)s is capped by that of %(reference)r. Use the code of "
                "another capital or patronage line beside it.",
                **names,
            )
        ]
    moves = reference.cap and reference.cap.excess
    if moves and places[reference.code] > places[line.code]:
        return [
            _(
                "%(scheme)s: the rate of line %(line)s is capped by that of %(reference)s, which has a cap "
                "itself. Put %(reference)s above it.",
                **names,
            )
        ]
    return []


def _excess_errors(scheme, line, target, siblings):
    names = {"scheme": scheme.label, "line": line.code, "target": line.cap.excess}
    if line.cap.excess:
        if target in siblings and target.kind in RETAINED and not target.cap:
            return []
        return [
            _(
                "%(scheme)s: what is above the cap of line %(line)s goes to %(target)r. Use the code of a "
                "reserve or fund beside it that has no cap.",
                **names,
            )
        ]
    if line.cap.measure in ("rate", "condition"):
        return [
            _(
                "%(scheme)s: say where the excess of line %(line)s goes: to a reserve or fund beside it.",
                **names,
            )
        ]
    if any(sibling.percent > 0 and not sibling.cap for sibling in siblings):
        return []
    return [
        _(
            "%(scheme)s: nobody takes what is above the cap of line %(line)s. Put a line without a cap and "
            "with a percentage beside it.",
            **names,
        )
    ]
