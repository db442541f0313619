"""A vote as plain values (JSON): everything that decided it, and every step of the arithmetic. Numbers are ratios as text."""

from dataclasses import asdict
from fractions import Fraction

from .election import ElectionCount, tally_election
from .motion import MotionCount, tally_motion
from .rule import ClassRule, Rule
from .shares import Threshold, ratio_text


def rule_values(rule):
    values = asdict(rule) | {
        "ordinary": _threshold_text(rule.ordinary),
        "special": _threshold_text(rule.special),
    }
    values["classes"] = [
        {
            "code": line.code,
            "weight": ratio_text(line.weight),
            "floor": ratio_text(line.floor),
            "cap": ratio_text(line.cap),
            "has_veto": line.has_veto,
        }
        for line in rule.classes.values()
    ]
    return values


def rule_from(values):
    classes = {
        line["code"]: ClassRule(
            line["code"], *(Fraction(line[name]) for name in ("weight", "floor", "cap")), line["has_veto"]
        )
        for line in values["classes"]
    }
    thresholds = {name: _threshold_from(values[name]) for name in ("ordinary", "special")}
    return Rule(**(values | thresholds | {"classes": classes}))


def _threshold_text(threshold):
    return f"{'>' if threshold.is_strict else ''}{threshold.share.numerator}/{threshold.share.denominator}"


def _threshold_from(text):
    return Threshold(Fraction(text.lstrip(">")), text.startswith(">"))


def record_motion(rule, kind, counts, casting=None):
    """The inputs of a motion and its outcome."""
    tally = tally_motion(rule, kind, counts, casting)
    return {
        "rule": rule_values(rule),
        "kind": kind,
        "counts": [asdict(count) for count in counts],
        "casting": casting,
        "outcome": {
            "result": tally.result,
            "reason": tally.reason,
            "threshold": str(tally.threshold),
            "yes": ratio_text(tally.yes),
            "no": ratio_text(tally.no),
            "classes": [_motion_class(line) for line in tally.lines],
        },
    }


def _motion_class(line):
    return {
        "code": line.count.code,
        "counted": line.counted,
        "yes_share": ratio_text(line.yes_share),
        "no_share": ratio_text(line.no_share),
        "result": line.result,
        "counts": line.counts,
        "raw": ratio_text(line.raw),
        "weight": ratio_text(line.weight),
        "yes_weight": ratio_text(line.yes_weight),
        "no_weight": ratio_text(line.no_weight),
        "vetoes": line.vetoes,
    }


def record_election(rule, counts, candidates, seats, seats_per_class=0, lot=()):
    """The inputs of an election and its outcome; candidates are named by their number on the list, as text."""
    tally = tally_election(rule, counts, candidates, seats, seats_per_class, lot)
    return {
        "rule": rule_values(rule),
        "kind": "election",
        "counts": [asdict(count) for count in counts],
        "candidates": dict(candidates),
        "seats": seats,
        "seats_per_class": seats_per_class,
        "lot": list(lot),
        "outcome": {
            "result": tally.result,
            "reason": "lot" if lot and not tally.tied else "tie" if tally.tied else "votes",
            "scores": {key: ratio_text(score) for key, score in tally.scores.items()},
            "ranking": list(tally.ranking),
            "elected": list(tally.elected),
            "tied": list(tally.tied),
            "classes": [_election_class(line) for line in tally.lines],
        },
    }


def _election_class(line):
    return {
        "code": line.count.code,
        "counted": line.counted,
        "raw": ratio_text(line.raw),
        "weight": ratio_text(line.weight),
        "shares": {key: ratio_text(share) for key, share in line.shares.items()},
        "weights": {key: ratio_text(weight) for key, weight in line.weights.items()},
    }


def replay(record):
    """The record again, computed anew from its inputs: equal to the first, or something was changed."""
    rule = rule_from(record["rule"])
    if record["kind"] == "election":
        counts = [ElectionCount(**count) for count in record["counts"]]
        parts = (record["candidates"], record["seats"], record["seats_per_class"], record["lot"])
        return record_election(rule, counts, *parts)
    counts = [MotionCount(**count) for count in record["counts"]]
    return record_motion(rule, record["kind"], counts, record["casting"])
