"""How votes become a decision, and what a set of such rules must keep."""
# Nothing here knows an Odoo environment: the models translate the messages.
# pylint: disable=prefer-env-translation

from dataclasses import dataclass, field
from fractions import Fraction

from .messages import _
from .shares import MORE_THAN_HALF, Threshold, percent_text

WEIGHT_SOURCES = ("fixed", "equal", "votes")
TRANSFERS = ("winner", "proportional")
DENOMINATORS = ("all", "present", "cast")
TIE_RULES = ("rejected", "chair")
TWO_THIRDS = Threshold(Fraction(2, 3))


@dataclass(frozen=True)
class ClassRule:
    """One class in the plenary: its weight (``fixed`` only), its floor and cap as shares of the whole, its veto."""

    code: str
    weight: Fraction = Fraction(0)
    floor: Fraction = Fraction(0)
    cap: Fraction = Fraction(1)
    has_veto: bool = False


@dataclass(frozen=True)
class Rule:
    """The voting rules of the by-laws.

    ``weight_source``  ``fixed``: the weights of the classes; ``equal``: the same for each; ``votes``: as many as it has
                       counted votes, so that, without floors and caps, each member's vote weighs the same
    ``transfer``       ``winner``: the side that won a class takes its whole weight; ``proportional``: yes and no take
                       their parts of it
    ``denominator``    whose votes count, in a class and in the plenary: ``all`` on the roll, those ``present``, or
                       those ``cast`` as yes or no
    ``tie_rule``       of a motion with as much yes as no in the plenary: ``rejected``, or the ``chair`` decides
    """

    weight_source: str = "votes"
    transfer: str = "proportional"
    denominator: str = "cast"
    tie_rule: str = "rejected"
    ordinary: Threshold = MORE_THAN_HALF
    special: Threshold = TWO_THIRDS
    classes: dict = field(default_factory=dict)

    def threshold(self, kind):
        return self.special if kind == "special" else self.ordinary

    def bounds(self):
        return {code: (line.floor, line.cap) for code, line in self.classes.items()}

    def raw_weight(self, code, counted):
        """What the weight of a class is in proportion to; ``counted`` is its number of counted votes."""
        if self.weight_source == "votes":
            return Fraction(counted)
        if self.weight_source == "equal":
            return Fraction(1) if code in self.classes else Fraction(0)
        return self.classes[code].weight if code in self.classes else Fraction(0)


def validate_rule(rule, label):
    """All messages about a rule, each with ``label`` in front; none when it can be used."""
    return [
        error
        for check in (_choices, _majorities, _classes, _bounds, _fixed_weights)
        for error in check(rule, label)
    ]


def _choices(rule, label):
    known = (
        (rule.weight_source, WEIGHT_SOURCES),
        (rule.transfer, TRANSFERS),
        (rule.denominator, DENOMINATORS),
        (rule.tie_rule, TIE_RULES),
    )
    errors = [
        _("%(rule)s: “%(choice)s” is not known.", rule=label, choice=choice)
        for choice, choices in known
        if choice not in choices
    ]
    if rule.weight_source == "votes" and rule.transfer == "winner":
        errors.append(
            _(
                "%(rule)s: where the weight of a class follows its votes, yes and no take their parts of it. Choose "
                "“In proportion”, or weights that are fixed.",
                rule=label,
            )
        )
    return errors


def _majorities(rule, label):
    return [
        _(
            "%(rule)s: a majority of %(share)s would let yes and no win at once. Set at least 1/2.",
            rule=label,
            share=percent_text(threshold.share),
        )
        for threshold in (rule.ordinary, rule.special)
        if threshold.share < Fraction(1, 2)
    ]


def _classes(rule, label):
    if rule.classes or rule.weight_source == "votes":
        return []
    return [_("%(rule)s: classes with a weight are needed. Add them.", rule=label)]


def _bounds(rule, label):
    errors = [
        _(
            "%(rule)s: the floor of class %(code)s (%(floor)s) is above its cap (%(cap)s).",
            rule=label,
            code=line.code,
            floor=percent_text(line.floor),
            cap=percent_text(line.cap),
        )
        for line in rule.classes.values()
        if line.floor > line.cap
    ]
    floors = sum((line.floor for line in rule.classes.values()), Fraction(0))
    if floors > 1:
        errors.append(
            _(
                "%(rule)s: the floors of the classes sum to %(sum)s. They may sum to 100%% at most.",
                rule=label,
                sum=percent_text(floors),
            )
        )
    return errors


def _fixed_weights(rule, label):
    if rule.weight_source != "fixed" or not rule.classes:
        return []
    errors = [
        _(
            "%(rule)s: the weight of class %(code)s (%(weight)s) is not between its floor (%(floor)s) and its cap (%(cap)s).",
            rule=label,
            code=line.code,
            weight=percent_text(line.weight),
            floor=percent_text(line.floor),
            cap=percent_text(line.cap),
        )
        for line in rule.classes.values()
        if not line.floor <= line.weight <= line.cap
    ]
    total = sum(line.weight for line in rule.classes.values())
    if total != 1:
        errors.append(
            _(
                "%(rule)s: the weights of the classes sum to %(sum)s. They must sum to 100%%.",
                rule=label,
                sum=percent_text(total, decimals=6),
            )
        )
    return errors
