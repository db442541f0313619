"""How each weight came about: tables computed by hand, and for every rule and vote the step leads to the weight."""

from fractions import Fraction

from hypothesis import given

from odoo.addons.kmp_meeting.tally import record_election, record_motion, weight_steps

from .test_tally_properties import EXAMPLES, rules, votes
from .test_tally_tables import CANDIDATES, ITALY, KMP, ONE_VOTE, SCIC, ballots, counts


def steps(rule, **votes):
    """{code: (raw, whole, bound)}"""
    found = weight_steps(record_motion(rule, "ordinary", counts(**votes)))
    return {code: (step.raw, step.whole, step.bound) for code, step in found.items()}


def test_fixed_weights_are_those_of_the_rules():
    found = steps(KMP, FDR=(9, 0, 0), INV=(2, 1, 0), KNS=(3, 7, 0), PKJ=(4, 5, 0), PRD=(10, 5, 3))
    assert set(found.values()) == {(Fraction(1, 5), 1, "")}


def test_a_split_class_leaves_its_weight_to_the_others():
    found = steps(KMP, FDR=(9, 0, 0), INV=(2, 1, 0), KNS=(3, 7, 0), PKJ=(4, 4, 0), PRD=(10, 5, 3))
    assert "PKJ" not in found
    assert found["PRD"] == (Fraction(1, 5), Fraction(4, 5), "")


def test_as_many_as_its_votes():
    assert steps(ONE_VOTE, PRD=(21, 19, 4), KNS=(20, 20, 0), INV=(1, 1, 0)) == {
        "PRD": (40, 82, ""),
        "KNS": (40, 82, ""),
        "INV": (2, 82, ""),
    }


def test_a_cap_binds_and_the_others_follow():
    record = record_motion(ITALY, "ordinary", counts(INV=(60, 0, 0), PKJ=(10, 30, 0)))
    found = weight_steps(record)
    assert (found["INV"].bound, found["PKJ"].bound) == ("cap", "")
    assert (found["PKJ"].raw, found["PKJ"].factor) == (40, Fraction(1, 60))  # 40 x 1/60 = 2/3


def test_a_cap_binds_where_it_leaves_weight_to_nobody():
    assert steps(ITALY, INV=(60, 0, 0)) == {"INV": (60, None, "cap")}


def test_an_election():
    found = weight_steps(
        record_election(SCIC, [ballots("PKJ", 10, c1=10, c2=4), ballots("KNS", 5, c1=5)], CANDIDATES, 2)
    )
    assert [(step.raw, step.whole, step.bound) for step in found.values()] == [(1, 2, "")] * 2


@EXAMPLES
@given(rules(), votes())
def test_each_step_leads_to_the_weight(rule, counts):
    record = record_motion(rule, "ordinary", counts)
    bounds = rule.bounds()
    weights = {line["code"]: Fraction(line["weight"]) for line in record["outcome"]["classes"]}
    found = weight_steps(record)
    assert set(found) == {code for code, weight in weights.items() if weight}
    for code, step in found.items():
        floor, cap = bounds[code]
        ratio = step.raw / step.whole if step.whole else step.raw * step.factor
        assert weights[code] == {"": ratio, "floor": floor, "cap": cap}[step.bound]
