"""The tally against tables computed by hand, one for each preset and each rule."""

import doctest
from fractions import Fraction

import pytest

from odoo.addons.kmp_meeting import tally
from odoo.addons.kmp_meeting.tally import (
    Attendance,
    ClassRule,
    ElectionCount,
    MotionCount,
    Rule,
    TallyError,
    Threshold,
    canonical,
    is_quorate,
    parse_share,
    quorum,
    record_election,
    record_motion,
    replay,
    shares,
    tally_election,
    tally_motion,
    validate_rule,
    weigh,
    weights,
)

CODES = ("FDR", "INV", "KNS", "PKJ", "PRD")


def fixed(weight, **options):
    return {code: ClassRule(code, Fraction(weight), **options) for code in CODES}


KMP = Rule(weight_source="fixed", transfer="winner", classes=fixed(Fraction(1, 5)))
ONE_VOTE = Rule()
SCIC = Rule(
    weight_source="equal",
    classes={
        code: ClassRule(code, floor=Fraction(1, 10), cap=Fraction(1, 2)) for code in ("PKJ", "KNS", "LOK")
    },
)
ITALY = Rule(classes={"INV": ClassRule("INV", cap=Fraction(1, 3))})
FAIRSHARES = Rule(classes={code: ClassRule(code, has_veto=True) for code in ("FDR", "PKJ", "KNS", "INV")})


def counts(**votes):
    """Votes as (yes, no, abstain); everybody on the roll is present unless a roll and a presence follow."""
    result = []
    for code, (yes, no, abstain, *rest) in votes.items():
        roll, present = rest or (yes + no + abstain,) * 2
        result.append(MotionCount(code, roll, present, yes, no, abstain))
    return result


# rule, kind, votes, yes and no of the plenary, result, reason
TABLES = {
    # 3 of 5 classes say yes: 3 x 20%.
    "kmp carried": (
        KMP, "ordinary", counts(FDR=(9, 0, 0), INV=(2, 1, 0), KNS=(30, 70, 0), PKJ=(4, 5, 0), PRD=(10, 5, 3)),
        Fraction(3, 5), Fraction(2, 5), "carried", "majority",
    ),
    # 64 members say yes and 16 no, but three small classes outweigh two large ones.
    "kmp classes, not heads": (
        KMP, "ordinary", counts(FDR=(1, 2, 0), INV=(1, 2, 0), KNS=(30, 5, 0), PKJ=(1, 2, 0), PRD=(31, 5, 0)),
        Fraction(2, 5), Fraction(3, 5), "rejected", "no_majority",
    ),
    # The workers are split 4 to 4: the other four classes have a quarter each.
    "kmp split class": (
        KMP, "ordinary", counts(FDR=(9, 0, 0), INV=(2, 1, 0), KNS=(3, 7, 0), PKJ=(4, 4, 0), PRD=(10, 5, 3)),
        Fraction(3, 4), Fraction(1, 4), "carried", "majority",
    ),
    # Two against two, the workers split: a tie.
    "kmp tie": (
        KMP, "ordinary", counts(FDR=(9, 0, 0), INV=(2, 1, 0), KNS=(3, 7, 0), PKJ=(4, 4, 0), PRD=(1, 5, 3)),
        Fraction(1, 2), Fraction(1, 2), "rejected", "tie",
    ),
    # 3/5 is less than the 2/3 of a special resolution.
    "kmp special": (
        KMP, "special", counts(FDR=(9, 0, 0), INV=(2, 1, 0), KNS=(3, 7, 0), PKJ=(4, 5, 0), PRD=(10, 5, 3)),
        Fraction(3, 5), Fraction(2, 5), "rejected", "no_majority",
    ),
    # 21 + 20 + 1 = 42 of 82 votes.
    "one vote each": (
        ONE_VOTE, "ordinary", counts(PRD=(21, 19, 4), KNS=(20, 20, 0), INV=(1, 1, 0)),
        Fraction(42, 82), Fraction(40, 82), "carried", "majority",
    ),
    "one vote each, tie": (
        ONE_VOTE, "ordinary", counts(PRD=(3, 1, 0), KNS=(1, 3, 0)), Fraction(1, 2), Fraction(1, 2), "rejected", "tie",
    ),
    # 1/3 of each college: 8/10, 40/100, 3/4 of it say yes: (16 + 8 + 15) / 60 = 39/60.
    "scic": (
        SCIC, "ordinary", counts(PKJ=(8, 2, 0), KNS=(40, 60, 0), LOK=(3, 1, 0)),
        Fraction(39, 60), Fraction(21, 60), "carried", "majority",
    ),
    # 60 of 100 votes are investors', who all say yes; they weigh 1/3. Of the others 10 of 40: 2/3 x 1/4 = 1/6.
    "investors at most a third": (
        ITALY, "ordinary", counts(INV=(60, 0, 0), PKJ=(10, 30, 0)), Fraction(1, 2), Fraction(1, 2), "rejected", "tie",
    ),
    # 20 of 100 votes are investors': below a third nothing changes. 20 + 31 of 100.
    "investors below a third": (
        ITALY, "ordinary", counts(INV=(20, 0, 0), PKJ=(31, 49, 0)), Fraction(51, 100), Fraction(49, 100), "carried", "majority",
    ),
    # 61 of 70 say yes, but the founders do not want it.
    "fairshares veto": (
        FAIRSHARES, "ordinary", counts(FDR=(1, 2, 0), PKJ=(20, 2, 0), KNS=(30, 5, 0), INV=(10, 0, 0)),
        Fraction(61, 70), Fraction(9, 70), "rejected", "veto",
    ),
    "fairshares carried": (
        FAIRSHARES, "special", counts(FDR=(2, 1, 0), PKJ=(20, 2, 0), KNS=(30, 5, 0), INV=(10, 0, 0)),
        Fraction(62, 70), Fraction(8, 70), "carried", "majority",
    ),
    "nobody votes": (ONE_VOTE, "ordinary", counts(PRD=(0, 0, 3)), Fraction(0), Fraction(0), "rejected", "no_votes"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "kind", "votes", "yes", "no", "result", "reason"), TABLES.values(), ids=TABLES
)
def test_motion(rule, kind, votes, yes, no, result, reason):
    outcome = tally_motion(rule, kind, votes)
    assert (outcome.yes, outcome.no, outcome.result, outcome.reason) == (yes, no, result, reason)
    assert sum(line.weight for line in outcome.lines) in (0, 1)


@pytest.mark.parametrize(
    ("denominator", "yes", "result"),
    [
        # PRD: 6 yes, 3 no, 1 abstains, 12 present, 20 on the roll; KNS has nobody there, 10 on the roll.
        ("cast", Fraction(6, 9), "carried"),
        ("present", Fraction(6, 12), "rejected"),
        ("all", Fraction(6, 30), "rejected"),
    ],
)
def test_denominators(denominator, yes, result):
    votes = [MotionCount("PRD", 20, 12, 6, 3, 1), MotionCount("KNS", 10, 0)]
    outcome = tally_motion(Rule(denominator=denominator), "ordinary", votes)
    assert (outcome.yes, outcome.result) == (yes, result)


def test_the_chair_decides_a_tie_and_nothing_else():
    rule = Rule(tie_rule="chair")
    tie = counts(PRD=(3, 3, 1))
    assert tally_motion(rule, "ordinary", tie).result == "tied"
    assert tally_motion(rule, "ordinary", tie, casting="yes").result == "carried"
    assert tally_motion(rule, "ordinary", tie, casting="no").reason == "casting_vote"
    assert tally_motion(rule, "ordinary", counts(PRD=(3, 4, 1)), casting="yes").result == "rejected"
    assert tally_motion(rule, "special", tie, casting="yes").result == "rejected"


def test_weights_that_no_class_may_take_belong_to_nobody():
    outcome = tally_motion(ITALY, "ordinary", counts(INV=(5, 0, 0)))
    assert (outcome.yes, outcome.result) == (Fraction(1, 3), "rejected")


@pytest.mark.parametrize(
    ("raw", "bounds", "expected"),
    [
        ({"A": 1, "B": 1}, {}, {"A": Fraction(1, 2), "B": Fraction(1, 2)}),
        (
            {"A": 8, "B": 1, "C": 1},
            {"A": (Fraction(0), Fraction(1, 2))},
            {"A": Fraction(1, 2), "B": Fraction(1, 4), "C": Fraction(1, 4)},
        ),
        (
            {"A": 98, "B": 1, "C": 1},
            {"B": (Fraction(1, 10), Fraction(1))},
            {"A": Fraction(98 * 9, 990), "B": Fraction(1, 10), "C": Fraction(9, 990)},
        ),
        ({"A": 1, "B": 0}, {"B": (Fraction(1, 10), Fraction(1))}, {"A": Fraction(1), "B": Fraction(0)}),
        ({}, {}, {}),
    ],
)
def test_weights(raw, bounds, expected):
    assert weigh(raw, bounds) == expected


CANDIDATES = {"1": "PRD", "2": "PRD", "3": "KNS", "4": "PKJ"}


def ballots(code, number, **votes):
    return ElectionCount(code, number, number, number, {key[1:]: value for key, value in votes.items()})


def test_election_in_proportion():
    # 1: (10 + 2) / 20, 2: (4 + 0) / 20, 3: (0 + 9) / 20, 4: (6 + 9) / 20; two seats: 4 and 1.
    votes = [ballots("PRD", 10, c1=10, c2=4, c4=6), ballots("KNS", 10, c1=2, c3=9, c4=9)]
    outcome = tally_election(ONE_VOTE, votes, CANDIDATES, 2)
    assert outcome.scores == {
        "1": Fraction(12, 20),
        "2": Fraction(4, 20),
        "3": Fraction(9, 20),
        "4": Fraction(15, 20),
    }
    assert (outcome.elected, outcome.tied, outcome.result) == (("4", "1"), (), "carried")


def test_election_winners_take_the_weight_of_the_class():
    # PRD gives its 20% to 1 and 4, KNS to 3 and 4; nobody else votes: half of the plenary each.
    votes = [ballots("PRD", 10, c1=10, c2=4, c4=6), ballots("KNS", 10, c1=2, c3=9, c4=9)]
    outcome = tally_election(KMP, votes, CANDIDATES, 2)
    assert outcome.scores == {"1": Fraction(1, 2), "2": Fraction(0), "3": Fraction(1, 2), "4": Fraction(1)}
    assert (outcome.elected, outcome.tied) == (("4",), ("1", "3"))
    assert tally_election(KMP, votes, CANDIDATES, 2, lot=["3", "1"]).elected == ("4", "3")


def test_an_election_passes_over_a_class_that_has_its_seats():
    votes = [ballots("PRD", 10, c1=10, c2=9, c3=8, c4=1)]
    assert tally_election(ONE_VOTE, votes, CANDIDATES, 3).elected == ("1", "2", "3")
    assert tally_election(ONE_VOTE, votes, CANDIDATES, 3, seats_per_class=1).elected == ("1", "3", "4")


def test_who_has_no_vote_is_not_elected():
    outcome = tally_election(ONE_VOTE, [ballots("PRD", 3, c1=3)], CANDIDATES, 2)
    assert (outcome.elected, outcome.tied) == (("1",), ())


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            Rule(weight_source="fixed", transfer="winner", classes=fixed(Fraction(21, 100))),
            "sum to 105%. They must sum to 100%",
        ),
        (Rule(weight_source="fixed", transfer="winner", classes=fixed(Fraction(19, 100))), "sum to 95%"),
        (Rule(weight_source="votes", transfer="winner"), "In proportion"),
        (Rule(weight_source="equal"), "classes with a weight are needed"),
        (Rule(ordinary=Threshold(Fraction(1, 3))), "at least 1/2"),
        (Rule(classes={"A": ClassRule("A", floor=Fraction(1, 2), cap=Fraction(1, 3))}), "above its cap"),
        (
            Rule(weight_source="fixed", classes=fixed(Fraction(1, 5), cap=Fraction(1, 10))),
            "not between its floor",
        ),
        (Rule(classes=fixed(0, floor=Fraction(1, 4))), "floors of the classes sum to 125%"),
        (Rule(denominator="some"), "“some” is not known"),
    ],
)
def test_a_rule_that_cannot_be_used_says_why(rule, message):
    assert any(message in error and error.startswith("AD-1: ") for error in validate_rule(rule, "AD-1"))


@pytest.mark.parametrize("rule", [KMP, ONE_VOTE, SCIC, ITALY, FAIRSHARES])
def test_presets_can_be_used(rule):
    assert validate_rule(rule, "preset") == []


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (MotionCount("PRD", 10, 11), "11 are present, but only 10"),
        (MotionCount("PRD", 10, 5, 3, 3), "6 votes were counted, but only 5 members"),
        (MotionCount("PRD", 10, 5, -1), "below zero"),
    ],
)
def test_impossible_counts_are_refused(count, message):
    with pytest.raises(TallyError, match=message):
        tally_motion(ONE_VOTE, "ordinary", [count])


@pytest.mark.parametrize(
    "count",
    [
        ElectionCount("PRD", 5, 5, 5, {"1": 6}),
        ElectionCount("PRD", 5, 5, 6, {"1": 5}),
        ElectionCount("PRD", 5, 5, 5, {"9": 5}),
        ElectionCount("PRD", 5, 5, 5, {"1": 5, "2": 5, "3": 5}),
        ElectionCount("PRD", 5, 5, 5, {"1": -1}),
    ],
)
def test_impossible_elections_are_refused(count):
    with pytest.raises(TallyError):
        tally_election(ONE_VOTE, [count], CANDIDATES, 2)
    with pytest.raises(TallyError, match="at least one seat"):
        tally_election(ONE_VOTE, [], CANDIDATES, 0)


def test_a_class_counted_twice_is_refused():
    with pytest.raises(TallyError, match="counted twice"):
        tally_motion(ONE_VOTE, "ordinary", [MotionCount("PRD", 1, 1, 1), MotionCount("PRD", 1, 1, 1)])


@pytest.mark.parametrize(
    "text", ["", None, "50", "0.5", "3/2", "101%", "1/0", "-1/2", "a", "٥٠%", "1/2/3", "1e2%"]
)
def test_a_share_is_a_ratio_or_a_percent(text):
    with pytest.raises(TallyError, match="is not a share"):
        parse_share(text)


@pytest.mark.parametrize(
    ("present", "total", "each_class", "met"),
    [
        ((6, 3), ">1/2", None, False),  # 9 of 20
        ((6, 5), ">1/2", None, True),
        ((10, 1), ">1/2", "1/2", False),  # 1 of 8 consumers
        ((6, 4), "1/2", "1/2", True),
        ((0, 0), None, None, False),  # nobody has come
        ((1, 0), None, None, True),
    ],
)
def test_quorum(present, total, each_class, met):
    attendance = {
        "PRD": Attendance(12, present[0]),
        "KNS": Attendance(8, present[1]),
        "INV": Attendance(0, 0),
    }
    lines = quorum(attendance, total and Threshold.parse(total), each_class and Threshold.parse(each_class))
    assert is_quorate(lines) is met
    assert [line.code for line in lines] == ["PRD", "KNS", None]


def test_a_record_is_computed_again_from_itself():
    motion = record_motion(KMP, "special", counts(FDR=(9, 0, 0), PRD=(1, 2, 3, 20, 10)))
    assert replay(motion) == motion
    motion["counts"][0]["no"] = 1
    motion["counts"][0]["roll"] = motion["counts"][0]["present"] = 10
    assert replay(motion) != motion
    election = record_election(SCIC, [ballots("PKJ", 10, c1=10, c2=4)], CANDIDATES, 2, 1)
    assert replay(election) == election


@pytest.mark.parametrize("module", [canonical, shares, weights])
def test_doctests(module):
    assert doctest.testmod(module).failed == 0


def test_everything_named_is_there():
    assert all(hasattr(tally, name) for name in tally.__all__)
