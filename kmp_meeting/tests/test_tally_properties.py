"""What holds for every rule and every vote; KMP_EXAMPLES asks for more examples of it."""

import os
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.addons.kmp_meeting.tally import (
    ClassRule,
    ElectionCount,
    MotionCount,
    Rule,
    Threshold,
    record_motion,
    replay,
    tally_election,
    tally_motion,
    validate_rule,
    weigh,
)

CODES = ("A", "B", "C", "D")
EXAMPLES = settings(max_examples=int(os.environ.get("KMP_EXAMPLES", "80")), deadline=None, derandomize=True)
SHARES = st.integers(0, 20).map(lambda value: Fraction(value, 20))
BOUNDS = st.tuples(SHARES, SHARES).map(sorted).map(tuple)


@st.composite
def rules(draw):
    """Rules that may be put into force: weights sum to the whole, floors fit into it."""
    classes = {}
    raw = {code: draw(st.integers(1, 9)) for code in CODES}
    for code in CODES:
        floor, cap = draw(
            st.sampled_from(
                [
                    (Fraction(0), Fraction(1)),
                    (Fraction(1, 10), Fraction(1, 2)),
                    (Fraction(0), Fraction(1, 3)),
                    (Fraction(1, 4), Fraction(1)),
                ]
            )
        )
        classes[code] = ClassRule(
            code, Fraction(raw[code], sum(raw.values())), floor, cap, draw(st.booleans())
        )
    source = draw(st.sampled_from(["fixed", "equal", "votes"]))
    rule = Rule(
        weight_source=source,
        transfer="proportional" if source == "votes" else draw(st.sampled_from(["winner", "proportional"])),
        denominator=draw(st.sampled_from(["all", "present", "cast"])),
        tie_rule=draw(st.sampled_from(["rejected", "chair"])),
        ordinary=draw(
            st.sampled_from([Threshold(Fraction(1, 2), is_strict=True), Threshold(Fraction(3, 5))])
        ),
        special=draw(st.sampled_from([Threshold(Fraction(2, 3)), Threshold(Fraction(3, 4), is_strict=True)])),
        classes=classes,
    )
    if source == "fixed":
        rule = replace(
            rule,
            classes={
                code: replace(line, floor=min(line.floor, line.weight), cap=max(line.cap, line.weight))
                for code, line in classes.items()
            },
        )
    assume(not validate_rule(rule, "rule"))
    return rule


@st.composite
def votes(draw):
    counts = []
    for code in CODES:
        yes, no, abstain, silent, absent = (draw(st.integers(0, 6)) for _index in range(5))
        present = yes + no + abstain + silent
        counts.append(MotionCount(code, present + absent, present, yes, no, abstain))
    return counts


@EXAMPLES
@given(
    st.dictionaries(st.sampled_from(CODES), st.integers(0, 50), max_size=4),
    st.dictionaries(st.sampled_from(CODES), BOUNDS),
)
def test_weights_sum_to_the_whole_within_their_bounds(raw, bounds):
    assume(sum((floor for floor, _cap in bounds.values()), Fraction(0)) <= 1)
    weights = weigh(raw, bounds)
    present = [code for code in raw if raw[code]]
    for code in present:
        floor, cap = bounds.get(code, (Fraction(0), Fraction(1)))
        assert floor <= weights[code] <= cap
    caps = sum((bounds.get(code, (Fraction(0), Fraction(1)))[1] for code in present), Fraction(0))
    assert sum(weights.values(), Fraction(0)) == min(Fraction(1), caps)
    assert all(not weights[code] for code in raw if code not in present)


@EXAMPLES
@given(
    st.dictionaries(st.sampled_from(CODES), st.integers(1, 50), min_size=2),
    st.dictionaries(st.sampled_from(CODES), BOUNDS),
)
def test_no_class_loses_weight_when_another_drops_out(raw, bounds):
    assume(sum((floor for floor, _cap in bounds.values()), Fraction(0)) <= 1)
    gone = next(iter(raw))
    before, after = weigh(raw, bounds), weigh({code: raw[code] for code in raw if code != gone}, bounds)
    assert all(after[code] >= before[code] for code in after)


@EXAMPLES
@given(rules(), votes(), st.sampled_from(["ordinary", "special"]), st.randoms())
def test_the_order_of_the_votes_is_irrelevant(rule, counts, kind, random):
    shuffled = random.sample(counts, len(counts))
    first, second = tally_motion(rule, kind, counts), tally_motion(rule, kind, shuffled)
    assert (first.result, first.reason, first.yes, first.no) == (
        second.result,
        second.reason,
        second.yes,
        second.no,
    )
    assert set(first.lines) == set(second.lines)


@EXAMPLES
@given(rules(), votes(), st.sampled_from(["ordinary", "special"]))
def test_the_plenary_is_never_more_than_the_whole(rule, counts, kind):
    outcome = tally_motion(rule, kind, counts)
    assert 0 <= outcome.yes + outcome.no <= 1
    assert outcome.yes == sum(line.yes_weight for line in outcome.lines)
    assert all(line.yes_weight + line.no_weight <= line.weight for line in outcome.lines)
    assert replay(record_motion(rule, kind, counts)) == record_motion(rule, kind, counts)


STEPS = ("newcomer", "from the roll", "silent", "abstain", "no")


def one_more_yes(count, step):
    """The same class with one more yes, of somebody who had not come, not voted, abstained or said no."""
    if step == "newcomer":
        return replace(count, roll=count.roll + 1, present=count.present + 1, yes=count.yes + 1)
    if step == "from the roll" and count.present < count.roll:
        return replace(count, present=count.present + 1, yes=count.yes + 1)
    if step == "silent" and count.voted < count.present:
        return replace(count, yes=count.yes + 1)
    if step in ("abstain", "no") and getattr(count, step):
        return replace(count, yes=count.yes + 1, **{step: getattr(count, step) - 1})
    return None


@settings(EXAMPLES, max_examples=8 * EXAMPLES.max_examples)
@given(
    rules(),
    votes(),
    st.sampled_from(["ordinary", "special"]),
    st.sampled_from(CODES),
    st.sampled_from(STEPS),
    st.sampled_from([None, "yes"]),
)
def test_one_more_yes_never_turns_a_carried_resolution_down(rule, counts, kind, code, step, casting):
    before = tally_motion(rule, kind, counts, casting)
    more = [one_more_yes(count, step) if count.code == code else count for count in counts]
    assume(None not in more)
    after = tally_motion(rule, kind, more, casting)
    assert after.yes >= before.yes
    if before.result == "carried":
        assert after.result == "carried"


@EXAMPLES
@given(votes(), st.sampled_from(["all", "present", "cast"]))
def test_one_vote_each_is_the_plain_majority(counts, denominator):
    outcome = tally_motion(Rule(denominator=denominator), "ordinary", counts)
    whole = sum(count.counted(denominator) for count in counts)
    assert outcome.yes == (Fraction(sum(count.yes for count in counts), whole) if whole else 0)


@st.composite
def elections(draw):
    seats = draw(st.integers(1, 3))
    candidates = {str(number): draw(st.sampled_from(CODES)) for number in range(1, 6)}
    counts = []
    for code in CODES:
        names = draw(
            st.lists(st.sets(st.sampled_from(sorted(candidates)), min_size=1, max_size=seats), max_size=6)
        )
        votes = {key: sum(key in ballot for ballot in names) for key in candidates}
        counts.append(ElectionCount(code, len(names), len(names), len(names), votes))
    return candidates, counts, seats


@EXAMPLES
@given(rules(), elections(), st.integers(0, 2))
def test_an_election_fills_no_more_than_its_seats_with_the_best(rule, election, limit):
    candidates, counts, seats = election
    outcome = tally_election(rule, counts, candidates, seats, limit)
    assert len(outcome.elected) <= seats
    assert len(set(outcome.elected)) == len(outcome.elected)
    for code in CODES if limit else ():
        assert sum(candidates[key] == code for key in outcome.elected) <= limit
    lowest = min((outcome.scores[key] for key in outcome.elected), default=Fraction(1))
    assert all(outcome.scores[key] <= lowest for key in outcome.tied)
    drawn = tally_election(rule, counts, candidates, seats, limit, lot=sorted(candidates))
    assert not drawn.tied
    assert drawn.elected[: len(outcome.elected)] == outcome.elected
