"""A motion in two tiers: yes and no within each class, then the weights of the classes in the plenary."""
# Nothing here knows an Odoo environment: the models translate the messages.
# pylint: disable=prefer-env-translation

from dataclasses import dataclass
from fractions import Fraction

from .messages import _, refuse
from .shares import MORE_THAN_HALF
from .weights import weigh

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class MotionCount:
    """The votes of one class: each member one vote (UU 25/1992 art. 24)."""

    code: str
    roll: int
    present: int
    yes: int = 0
    no: int = 0
    abstain: int = 0

    def counted(self, denominator):
        return {"all": self.roll, "present": self.present, "cast": self.yes + self.no}[denominator]

    @property
    def voted(self):
        return self.yes + self.no + self.abstain


@dataclass(frozen=True)
class ClassTally:
    """What a class decided, and what it brings to the plenary.

    ``counted`` is its denominator in votes; ``yes_share`` and ``no_share`` are parts of it. ``result`` is ``yes``, ``no`` or
    ``open``. ``raw`` is what the weight follows, ``weight`` what it is after floors and caps (zero where the class does not
    count); ``yes_weight`` and ``no_weight`` are parts of the whole plenary.
    """

    count: MotionCount
    counted: int
    yes_share: Fraction
    no_share: Fraction
    result: str
    counts: bool
    raw: Fraction
    weight: Fraction
    yes_weight: Fraction
    no_weight: Fraction
    vetoes: bool


@dataclass(frozen=True)
class MotionTally:
    """``result`` is ``carried``, ``rejected`` or ``tied``; ``reason`` says by what: ``majority``, ``no_majority``, ``veto``,
    ``tie``, ``casting_vote`` or ``no_votes``. ``yes`` and ``no`` are shares of the plenary."""

    lines: tuple
    yes: Fraction
    no: Fraction
    threshold: object
    result: str
    reason: str

    @property
    def vetoes(self):
        return [line.count.code for line in self.lines if line.vetoes]


def tally_motion(rule, kind, counts, casting=None):
    """Decide an ``ordinary`` or ``special`` motion.

    :param counts: MotionCount of each class, in any order
    :param casting: ``yes`` or ``no``, what the chair decided in a tie, where the rule leaves it to the chair
    :raise TallyError: a class has more votes than members present, or stands there twice
    """
    refuse(validate_counts(counts))
    lines = _lines(rule, counts)
    yes = sum((line.yes_weight for line in lines), Fraction(0))
    no = sum((line.no_weight for line in lines), Fraction(0))
    threshold = rule.threshold(kind)
    result, reason = _decide(rule, lines, yes, no, threshold, casting)
    return MotionTally(tuple(lines), yes, no, threshold, result, reason)


def validate_counts(counts):
    """Messages about impossible counts."""
    errors = [error for count in counts for error in _count_errors(count)]
    codes = [count.code for count in counts]
    errors += [
        _("Class %(code)s is counted twice. Count it once.", code=code)
        for code in sorted({*codes})
        if codes.count(code) > 1
    ]
    return errors


def _count_errors(count):
    if min(count.roll, count.present, count.yes, count.no, count.abstain) < 0:
        return [_("Class %(code)s: votes cannot be below zero.", code=count.code)]
    if count.present > count.roll:
        return [
            _(
                "Class %(code)s: %(present)s are present, but only %(roll)s are on the roll.",
                code=count.code,
                present=count.present,
                roll=count.roll,
            )
        ]
    if count.voted > count.present:
        return [
            _(
                "Class %(code)s: %(votes)s votes were counted, but only %(present)s members are present or represented. "
                "Count again, or register who is missing.",
                code=count.code,
                votes=count.voted,
                present=count.present,
            )
        ]
    return []


def _lines(rule, counts):
    tiers = [(count, *_class_result(count, rule.denominator)) for count in counts]
    takes_part = {count.code for count, counted, result in tiers if _takes_part(rule, counted, result)}
    raw = {count.code: rule.raw_weight(count.code, counted) for count, counted, _result in tiers}
    weights = weigh({code: raw[code] for code in raw if code in takes_part}, rule.bounds())
    return [
        _class_tally(rule, count, counted, result, raw[count.code], weights.get(count.code))
        for count, counted, result in tiers
    ]


def _class_result(count, denominator):
    """(denominator in votes, result) of one class."""
    counted = count.counted(denominator)
    for side, votes in (("yes", count.yes), ("no", count.no)):
        if counted and MORE_THAN_HALF.passes(Fraction(votes, counted)):
            return counted, side
    return counted, "open"


def _takes_part(rule, counted, result):
    """A class whose denominator is empty does not count; where only votes cast count, nor does a class that cast no decision."""
    return bool(counted) and not (
        rule.denominator == "cast" and rule.transfer == "winner" and result == "open"
    )


def _class_tally(rule, count, counted, result, raw, weight):
    yes_share = Fraction(count.yes, counted) if counted else Fraction(0)
    no_share = Fraction(count.no, counted) if counted else Fraction(0)
    counts, weight = weight is not None, weight or Fraction(0)
    if rule.transfer == "winner":
        yes_part, no_part = Fraction(result == "yes"), Fraction(result == "no")
    else:
        yes_part, no_part = yes_share, no_share
    return ClassTally(
        count=count,
        counted=counted,
        yes_share=yes_share,
        no_share=no_share,
        result=result,
        counts=counts,
        raw=raw,
        weight=weight,
        yes_weight=weight * yes_part,
        no_weight=weight * no_part,
        vetoes=result == "no" and count.code in rule.classes and rule.classes[count.code].has_veto,
    )


def _decide(rule, lines, yes, no, threshold, casting):
    if not yes and not no:
        return "rejected", "no_votes"
    if any(line.vetoes for line in lines):
        return "rejected", "veto"
    if threshold.passes(yes):
        return "carried", "majority"
    if threshold == MORE_THAN_HALF and yes == no == HALF:
        return _decide_tie(rule, casting)
    return "rejected", "no_majority"


def _decide_tie(rule, casting):
    if rule.tie_rule == "rejected":
        return "rejected", "tie"
    if casting is None:
        return "tied", "tie"
    return ("carried" if casting == "yes" else "rejected"), "casting_vote"
