"""An election with one seat or several, in two tiers like a motion."""
# Nothing here knows an Odoo environment: the models translate the messages.
# pylint: disable=prefer-env-translation

from dataclasses import dataclass
from fractions import Fraction

from .messages import _, refuse
from .weights import weigh


@dataclass(frozen=True)
class ElectionCount:
    """The votes of one class: ``ballots`` that name somebody, ``abstain`` that name nobody, ``votes`` as {candidate: number}."""

    code: str
    roll: int
    present: int
    ballots: int
    votes: dict
    abstain: int = 0

    def counted(self, denominator):
        return {"all": self.roll, "present": self.present, "cast": self.ballots}[denominator]


@dataclass(frozen=True)
class ElectionClass:
    """``shares``: of the class, per candidate; ``weights``: what each candidate takes of the plenary from it."""

    count: ElectionCount
    counted: int
    raw: Fraction
    weight: Fraction
    shares: dict
    weights: dict


@dataclass(frozen=True)
class ElectionTally:
    """``scores``: shares of the plenary per candidate. ``tied``: between whom a lot decides about the seats that are left."""

    lines: tuple
    scores: dict
    ranking: tuple
    elected: tuple
    tied: tuple
    seats: int

    @property
    def result(self):
        return "tied" if self.tied else "carried" if self.elected else "rejected"


def tally_election(rule, counts, candidates, seats, seats_per_class=0, lot=()):
    """Elect up to ``seats`` candidates.

    :param counts: ElectionCount of each class; a ballot names up to ``seats`` candidates
    :param candidates: {candidate: code of the class that it belongs to}, in the order of the list
    :param seats_per_class: how many of one class may be elected; zero is no limit
    :param lot: candidates in the order in which a lot drew them; decides where candidates are tied
    :raise TallyError: counts that cannot be
    """
    refuse(validate_election(counts, candidates, seats))
    raw = {count.code: rule.raw_weight(count.code, count.counted(rule.denominator)) for count in counts}
    present = {count.code for count in counts if count.counted(rule.denominator)}
    weights = weigh({code: raw[code] for code in raw if code in present}, rule.bounds())
    lines = tuple(
        _class(rule, count, raw[count.code], weights.get(count.code, Fraction(0)), candidates, seats)
        for count in counts
    )
    scores = {key: sum((line.weights[key] for line in lines), Fraction(0)) for key in candidates}
    ranking = tuple(sorted(candidates, key=lambda key: -scores[key]))
    elected, tied = _Seating(candidates, seats, seats_per_class, lot).run(ranking, scores)
    return ElectionTally(lines, scores, ranking, elected, tied, seats)


def validate_election(counts, candidates, seats):
    errors = [] if seats > 0 else [_("An election needs at least one seat.")]
    for count in counts:
        errors += _count_errors(count, candidates, seats)
    return errors


def _count_errors(count, candidates, seats):
    numbers = (count.roll, count.present, count.ballots, count.abstain, *count.votes.values())
    if min(numbers) < 0:
        return [_("Class %(code)s: votes cannot be below zero.", code=count.code)]
    if count.ballots + count.abstain > count.present or count.present > count.roll:
        return [
            _(
                "Class %(code)s: %(votes)s votes were counted, but only %(present)s members are present or represented. "
                "Count again, or register who is missing.",
                code=count.code,
                votes=count.ballots + count.abstain,
                present=count.present,
            )
        ]
    most = max(count.votes.values(), default=0)
    if (
        {*count.votes} - {*candidates}
        or most > count.ballots
        or sum(count.votes.values()) > seats * count.ballots
    ):
        return [
            _(
                "Class %(code)s: the votes for the candidates do not fit %(ballots)s ballots with up to %(seats)s names. Count again.",
                code=count.code,
                ballots=count.ballots,
                seats=seats,
            )
        ]
    return []


def _class(rule, count, raw, weight, candidates, seats):
    counted = count.counted(rule.denominator)
    shares = {
        key: Fraction(count.votes.get(key, 0), counted) if counted else Fraction(0) for key in candidates
    }
    taken = shares
    if rule.transfer == "winner":
        winners = _winners(shares, seats)
        taken = {key: Fraction(key in winners) for key in candidates}
    return ElectionClass(
        count, counted, raw, weight, shares, {key: weight * taken[key] for key in candidates}
    )


def _winners(shares, seats):
    """Who wins in a class: the best as far as there are seats. Who is tied with one that gets no seat wins nothing there."""
    ranked = sorted((share for share in shares.values() if share), reverse=True)
    bar = ranked[seats] if len(ranked) > seats else Fraction(0)
    return {key for key, share in shares.items() if share > bar}


class _Seating:
    """Seats from the best score down, while a class has not all it may have."""

    def __init__(self, candidates, seats, seats_per_class, lot):
        self.classes, self.left, self.limit, self.lot = candidates, seats, seats_per_class, list(lot)
        self.elected = []

    def run(self, ranking, scores):
        """(elected, tied); who has no vote at all is not elected."""
        for score in dict.fromkeys(map(scores.get, ranking)):
            able = [key for key in ranking if scores[key] == score and score and self._has_room(key)]
            if not able or not self.left:
                continue
            if self._all_fit(able):
                self._seat(able)
            elif set(able) <= set(self.lot):
                self._seat(sorted(able, key=self.lot.index))
            else:
                return tuple(self.elected), tuple(able)
        return tuple(self.elected), ()

    def _seat(self, keys):
        for key in keys:
            if self.left and self._has_room(key):
                self.elected.append(key)
                self.left -= 1

    def _seated(self, code):
        return sum(self.classes[key] == code for key in self.elected)

    def _has_room(self, key):
        return not self.limit or self._seated(self.classes[key]) < self.limit

    def _all_fit(self, keys):
        codes = [self.classes[key] for key in keys]
        fits_class = not self.limit or all(
            self._seated(code) + codes.count(code) <= self.limit for code in {*codes}
        )
        return len(keys) <= self.left and fits_class
