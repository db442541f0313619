"""What holds for every distribution, over thousands of generated ones.

The examples come from the seed that `bin/test` prints (``KMP_SEED``), so a failure is reproduced by running the test again.
``KMP_EXAMPLES`` asks for other numbers of them: by default 1,000 allocations and 400 whole years for each property.

The shares are compared with a second computation, written here with fractions and recursion, that
has nothing in common with the engine's.
"""

import math
import os
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import (
    CanonicalError,
    Cap,
    DistributionError,
    Inputs,
    Line,
    Scheme,
    Tax,
    allocate,
    digest,
    distribute,
    from_bytes,
    largest_remainder,
    to_bytes,
    validate_scheme,
)

allocations = settings(max_examples=int(os.environ.get("KMP_EXAMPLES", "1000")))
years = settings(max_examples=int(os.environ.get("KMP_EXAMPLES", "400")))

MILLIONTHS = 10**6
METHODS = st.sampled_from(["largest_remainder", "truncate"])
UNITS = st.sampled_from([Decimal(text) for text in ("1", "0.01", "100", "0.5", "7", "1000")])
CODES = st.text("aBzZ09-/ é股'%", min_size=1, max_size=4)
WEIGHTS = st.one_of(
    st.integers(0, 3).map(Decimal),
    st.integers(1, 10**15).map(Decimal),
    st.decimals(0, 10**9, places=6, allow_nan=False, allow_infinity=False),
)
FRACTIONS = st.fractions(0, 10**6, max_denominator=1000)
WEIGHT_MAPS = st.dictionaries(CODES, st.one_of(WEIGHTS, FRACTIONS, st.integers(0, 5)), min_size=1)


def as_fractions(weights):
    return {key: Fraction(weight) for key, weight in weights.items()}


@allocations
@given(st.integers(0, 10**18), WEIGHT_MAPS, METHODS)
def test_an_allocation_sums_keeps_quota_and_order(units, weights, method):
    exact = as_fractions(weights)
    assume(any(exact.values()))
    amounts, residual = allocate(units, weights, method)
    assert list(amounts) == list(weights)
    assert sum(amounts.values()) + residual == units
    assert 0 <= residual < len(weights)
    assert residual == 0 or method == "truncate"
    for key, amount in amounts.items():
        share = units * exact[key] / sum(exact.values())
        assert abs(amount - share) < 1
        assert amount <= share or method == "largest_remainder"
        assert amount == 0 or exact[key]


@allocations
@given(st.integers(0, 1000), WEIGHT_MAPS, METHODS)
def test_a_larger_weight_never_gets_less(units, weights, method):
    exact = as_fractions(weights)
    assume(any(exact.values()))
    amounts, _residual = allocate(units, weights, method)
    ranked = sorted(weights, key=exact.__getitem__)
    for smaller, larger in pairwise(ranked):
        if exact[smaller] < exact[larger]:
            assert amounts[smaller] <= amounts[larger]


@allocations
@given(st.integers(0, 100), st.lists(st.integers(0, 4), min_size=1, max_size=8))
def test_equal_weights_differ_by_one_unit_and_the_first_has_it(units, weights):
    assume(any(weights))
    amounts = list(largest_remainder(units, dict(enumerate(weights))).values())
    for first, one in enumerate(weights):
        for second in range(first + 1, len(weights)):
            if weights[second] == one:
                assert 0 <= amounts[first] - amounts[second] <= 1


@allocations
@given(st.integers(0, 10**9), WEIGHT_MAPS, st.integers(1, 10**6), METHODS)
def test_only_proportions_count(units, weights, factor, method):
    exact = as_fractions(weights)
    assume(any(exact.values()))
    scaled = {key: weight * Fraction(factor, 7) for key, weight in exact.items()}
    assert allocate(units, scaled, method) == allocate(units, weights, method)


@st.composite
def percents(draw, count):
    """``count`` percentages with up to six decimals that sum to 100."""
    step = draw(st.sampled_from([25 * MILLIONTHS, MILLIONTHS, 1]))
    ends = st.integers(0, 100 * MILLIONTHS // step)
    cuts = sorted(draw(st.lists(ends, min_size=count - 1, max_size=count - 1)))
    cuts = [0, *(cut * step for cut in cuts), 100 * MILLIONTHS]
    widths = [end - start for start, end in pairwise(cuts)]
    return [Decimal(width).scaleb(-6) for width in widths]


@st.composite
def a_line(draw, code, percent, of, *, may_be_group):
    kinds = ["capital", "patronage", "patronage", "fund", "reserve", *["group"] * may_be_group]
    kind = draw(st.sampled_from(kinds))
    extra = {}
    if kind == "patronage":
        extra["basis"] = draw(CODES)
    if kind == "capital":
        extra["capital_base"] = draw(st.sampled_from(["closing", "average", "day_weighted"]))
    if kind in ("capital", "patronage") and draw(st.booleans()):
        names = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
        extra["classes"] = dict(zip(names, draw(percents(len(names))), strict=True))
    return Line(code, kind, percent, of, **extra)


@st.composite
def scheme_lines(draw):
    """A tree of up to four levels, or one for each part of the surplus; a reserve of 0 percent takes
    what may be left. Some lines have floors and caps."""
    lines = []
    roots = draw(st.sampled_from([["surplus"], ["surplus"], ["member", "non_member"]]))
    waiting = [(root, 0) for root in roots]
    while waiting:
        parent, depth = waiting.pop()
        for percent in draw(percents(draw(st.integers(1, 4)))):
            may_be_group = depth < 3 and len(lines) < 12
            code = f"{draw(st.sampled_from('XAm'))}{len(lines)}"
            line = draw(a_line(code, percent, parent, may_be_group=may_be_group))
            lines.append(line)
            if line.kind == "group":
                waiting.append((code, depth + 1))
    lines.append(Line("LAST", "reserve", 0, roots[0]))
    lines = draw(st.permutations(lines))
    return draw(bounded(lines)) if draw(st.integers(0, 3)) else lines


VALUES = st.one_of(
    st.integers(0, 100).map(Decimal),
    st.decimals(0, 10**6, places=6, allow_nan=False, allow_infinity=False),
    st.decimals(0, 1, places=6, allow_nan=False, allow_infinity=False),
)


@st.composite
def bounded(draw, lines):
    """The same lines, some with a floor or a cap. At each node one line stays free for the others,
    and the first reserve or fund is kept as a target."""
    found = []
    for line in lines:
        siblings = [sibling for sibling in lines if sibling.of == line.of]
        free = next((sibling for sibling in siblings if sibling.percent), None)
        target = next((sibling for sibling in siblings if sibling.kind in ("reserve", "fund")), None)
        if line in (free, target):
            floor = draw(st.sampled_from([Decimal(0), Decimal(0), Decimal("0.5"), Decimal(5)]))
            found.append(replace(line, floor=floor))
        else:
            pools = [each.code for each in found if each.is_pool and each.of == line.of]
            found.append(replace(line, cap=draw(a_cap(line, pools, free, target))))
    return found


@st.composite
def a_cap(draw, line, references, free, target):
    excess = [*([""] if free else []), *([target.code] if target else [])]
    rates = [Cap("rate", draw(VALUES), code, target.code) for code in references if target and line.is_pool]
    caps = [Cap("surplus", draw(VALUES), excess=code) for code in excess]
    caps += [Cap("weight", draw(VALUES), excess=code) for code in excess if line.is_pool]
    caps += [Cap("condition", 0, excess=target.code)] if target else []
    return draw(st.sampled_from([None, *caps, *rates]))


TAXES = st.one_of(
    st.just(Tax()),
    st.builds(
        Tax,
        st.decimals("0.000001", 100, places=6, allow_nan=False, allow_infinity=False),
        st.sampled_from(["all", "capital", "patronage"]),
        st.decimals(0, 10**6, places=2, allow_nan=False, allow_infinity=False),
    ),
)


@st.composite
def all_inputs(draw):
    """Inputs that can be distributed: every class of every pool has a member with a weight."""
    scheme = Scheme(draw(scheme_lines()), draw(UNITS), draw(METHODS), tax=draw(TAXES))
    members = st.dictionaries(CODES, WEIGHTS, max_size=6)
    weights = {}
    for line in scheme.pools:
        weights[line.code] = {code: draw(members) for code in line.classes or [""]}
        for given_weights in weights[line.code].values():
            given_weights[draw(CODES)] = Decimal(draw(st.integers(1, 5)))
    start = draw(st.dates(date(1, 1, 1), date(9000, 1, 1)))
    end = start + timedelta(days=draw(st.integers(0, 800)))
    amounts = st.decimals(0, 10**12, places=3, allow_nan=False, allow_infinity=False)
    surplus = {"member": draw(amounts), "non_member": draw(amounts)}
    inputs = Inputs("IDR", start, end, surplus, scheme, weights)
    assume(not floors_are_too_high(inputs))
    return inputs


def floors_are_too_high(inputs):
    """Whether this year has too little for the floors of a node; any other refusal is an error."""
    try:
        distribute(inputs)
    except DistributionError as error:
        if "Lower a floor" not in str(error):
            raise
        return True
    return False


def by_fractions(units, weights, method):
    """Shares by exact fractions; a unit at a time to whoever lacks most, the first among equals."""
    whole = sum(map(Fraction, weights.values()))
    if not whole:
        return dict.fromkeys(weights, 0)
    exact = {key: units * Fraction(weight) / whole for key, weight in weights.items()}
    got = {key: int(share) for key, share in exact.items()}
    while method == "largest_remainder" and sum(got.values()) < units:
        got[max(exact, key=lambda key: exact[key] - got[key])] += 1
    return got


def total_weight(inputs, code):
    line = next(line for line in inputs.scheme.lines if line.code == code)
    weights = [w for members in inputs.weights.get(code, {}).values() for w in members.values()]
    days = (inputs.end - inputs.start).days + 1 if line.capital_base == "day_weighted" else 1
    return sum(map(Fraction, weights)) / days


def most(inputs, line, whole, got):
    """The cap of a line in exact units, given what the others got."""
    cap, unit = line.cap, Fraction(inputs.scheme.unit)
    if cap.measure == "rate":
        reference = total_weight(inputs, cap.reference)
        rate = got[cap.reference] / reference if reference else 0
        return Fraction(cap.value) * rate * total_weight(inputs, line.code)
    base = {"surplus": whole, "condition": 0}.get(cap.measure)
    if base is None:
        base = total_weight(inputs, line.code) / unit
    return Fraction(cap.value) / 100 * base


def by_bounds(inputs, lines, units, whole):
    """Units of the lines of a node: those that break a bound are held there, the rest shared again."""
    held = {}
    while True:
        free = [line for line in lines if line.code not in held]
        left = units - sum(held.values())
        got = by_fractions(left, {line.code: line.percent for line in free}, inputs.scheme.method)
        least = {line.code: math.ceil(Fraction(line.floor) / 100 * whole) for line in free}
        most_of = {
            line.code: math.floor(most(inputs, line, whole, got))
            for line in free
            if line.cap and not line.cap.excess
        }
        over = {code: got[code] - limit for code, limit in most_of.items() if got[code] > limit}
        under = {code: limit - got[code] for code, limit in least.items() if got[code] < limit}
        if not over and not under:
            break
        if sum(over.values()) < sum(under.values()):
            held |= {code: least[code] for code in under}
        else:
            held |= {code: most_of[code] for code in over}
    got |= held
    for line in lines:
        if line.cap and line.cap.excess:
            excess = max(got[line.code] - math.floor(most(inputs, line, whole, got)), 0)
            got[line.code] -= excess
            got[line.cap.excess] += excess
    return {line.code: got[line.code] for line in lines}


def recomputed(inputs):
    """Units per node and per member and line, recursively, from the definition."""
    scheme, nodes, members = inputs.scheme, {}, Counter()

    def share(line, units, whole):
        nodes[line.code] = units
        if line.kind == "group":
            share_under(line.code, units, whole)
        elif line.kind in ("capital", "patronage"):
            classes = by_fractions(units, dict(sorted(line.classes.items())), scheme.method)
            for code, part in (classes or {"": units}).items():
                weights = inputs.weights[line.code].get(code, {})
                ordered = dict(sorted(weights.items()))
                for number, got in by_fractions(part, ordered, scheme.method).items():
                    members[number, line.code] += got

    def share_under(parent, units, whole):
        children = {line.code: line for line in scheme.lines if line.of == parent}
        for code, part in by_bounds(inputs, list(children.values()), units, whole).items():
            share(children[code], part, whole)

    amounts = inputs.parts or {"surplus": inputs.surplus}
    for root, amount in amounts.items():
        whole = Fraction(amount) / Fraction(scheme.unit)
        share_under(root, int(whole), whole)
    return nodes, members


@pytest.mark.slow
@years
@given(all_inputs())
def test_the_engine_agrees_with_the_definition(inputs):
    assert validate_scheme(inputs.scheme) == []
    outcome = distribute(inputs)
    nodes, members = recomputed(inputs)
    unit = Fraction(inputs.scheme.unit)
    assert as_fractions(outcome.pools) == {code: got * unit for code, got in nodes.items()}
    found = {
        (number, code): Fraction(amount)
        for number, statement in outcome.members.items()
        for code, amount in statement.items()
        if code != "total"
    }
    assert found == {key: got * unit for key, got in members.items()}


@pytest.mark.slow
@years
@given(all_inputs())
def test_no_line_is_below_its_floor_or_above_its_cap(inputs):
    outcome = distribute(inputs)
    unit = Fraction(inputs.scheme.unit)
    units = {code: Fraction(amount) / unit for code, amount in outcome.pools.items()}
    for line in inputs.scheme.lines:
        whole = Fraction(root_amount(inputs, line)) / unit
        assert units[line.code] >= Fraction(line.floor) / 100 * whole
        if line.cap:
            assert units[line.code] <= most(inputs, line, whole, units)


def root_amount(inputs, line):
    amounts = inputs.parts or {"surplus": inputs.surplus}
    parents = {each.code: each.of for each in inputs.scheme.lines}
    code = line.of
    while code not in amounts:
        code = parents[code]
    return amounts[code]


@pytest.mark.slow
@years
@given(all_inputs())
def test_the_tax_is_a_part_of_what_it_is_taken_from(inputs):
    outcome, tax = distribute(inputs), inputs.scheme.tax
    kinds = {line.code: line.kind for line in inputs.scheme.lines}
    unit = Fraction(inputs.scheme.unit)
    for number, statement in outcome.members.items():
        base = sum(
            Fraction(amount)
            for code, amount in statement.items()
            if code != "total" and tax.base in ("all", kinds[code])
        )
        exact = base * Fraction(tax.percent) / 100 if base > tax.exempt else 0
        withheld = Fraction(outcome.taxes.get(number, 0))
        assert 0 <= exact - withheld < unit
        assert withheld % unit == 0
        assert withheld + Fraction(outcome.net(number)) == statement["total"]


@pytest.mark.slow
@years
@given(all_inputs())
def test_every_node_sums(inputs):
    outcome = distribute(inputs)
    roots = inputs.parts or {"surplus": inputs.surplus}
    unit = Fraction(inputs.scheme.unit)
    pools = as_fractions(outcome.pools)
    pools |= {root: Fraction(amount) - Fraction(amount) % unit for root, amount in roots.items()}
    left = as_fractions(outcome.residuals)
    below_unit = sum(Fraction(amount) % unit for amount in roots.values())
    assert left["surplus", ""] >= below_unit
    left["surplus", ""] -= below_unit
    paid = Counter()
    for statement in outcome.members.values():
        parts = as_fractions(statement)
        assert parts.pop("total") == sum(parts.values())
        paid.update(parts)
    for parent in {line.of for line in inputs.scheme.lines}:
        children = sum(pools[line.code] for line in inputs.scheme.lines if line.of == parent)
        assert children + left[parent, ""] == pools[parent]
    for line in inputs.scheme.pools:
        own = sum(rest for (code, _class), rest in left.items() if code == line.code)
        assert paid[line.code] + own == pools[line.code]
        if line.classes:
            classes = sum(map(Fraction, outcome.class_pools[line.code].values()))
            assert classes + left[line.code, ""] == pools[line.code]
    kept = sum(pools[line.code] for line in inputs.scheme.lines if line.kind in ("reserve", "fund"))
    assert kept + sum(paid.values()) + Fraction(outcome.residual_total) == Fraction(inputs.surplus)
    assert Fraction(outcome.residual_total) == sum(left.values()) + below_unit


@pytest.mark.slow
@years
@given(all_inputs())
def test_residuals_are_small_and_named(inputs):
    outcome = distribute(inputs)
    unit = Fraction(inputs.scheme.unit)
    exact_unit = inputs.scheme.method == "largest_remainder"
    for (code, _class), rest in outcome.residuals.items():
        assert rest >= 0
        if exact_unit:
            assert Fraction(rest) < unit * len(inputs.scheme.roots) if code == "surplus" else rest == 0
    first = next(line.code for line in inputs.scheme.lines if line.kind == "reserve")
    assert outcome.residual_line == first


def reordered(inputs):
    """The same inputs with every mapping the other way round."""

    def backwards(mapping):
        turned = {
            key: backwards(value) if isinstance(value, dict) else value for key, value in mapping.items()
        }
        return dict(reversed(turned.items()))

    lines = [replace(line, classes=backwards(line.classes)) for line in inputs.scheme.lines]
    scheme = replace(inputs.scheme, lines=lines)
    return replace(
        inputs,
        surplus=backwards(inputs.parts) or inputs.surplus,
        scheme=scheme,
        weights=backwards(inputs.weights),
    )


@pytest.mark.slow
@years
@given(all_inputs())
def test_the_order_of_members_and_classes_does_not_matter(inputs):
    other = reordered(inputs)
    assert distribute(other) == distribute(inputs)
    assert to_bytes(other) == to_bytes(inputs)


@pytest.mark.slow
@years
@given(all_inputs())
def test_the_canonical_form_gives_the_inputs_back(inputs):
    data = to_bytes(inputs)
    assert from_bytes(data) == inputs
    assert to_bytes(from_bytes(data)) == data
    records = data.decode().split("\n")
    assert records.pop() == ""
    weights = [record.split("\t")[1:4] for record in records if record.startswith("weight\t")]
    order = [line.code for line in inputs.scheme.lines]
    assert weights == sorted(weights, key=lambda key: (order.index(key[0]), *key[1:]))


@pytest.mark.slow
@years
@given(all_inputs(), st.data())
def test_any_change_of_the_bytes_is_refused_or_other_inputs(inputs, data):
    original = to_bytes(inputs)
    text = original.decode()
    place = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.sampled_from(["", *"\t\n\r 0123456789.-+eEKXAm_\\\0"]) | st.characters())
    changed = (text[:place] + put + text[place + 1 :]).encode(errors="surrogatepass")
    assume(changed != original)
    try:
        other = from_bytes(changed)
    except CanonicalError:
        return
    assert other != inputs
    assert to_bytes(other) == changed
    assert digest(changed) != digest(original)


@years
@given(st.binary() | st.text().map(str.encode))
def test_arbitrary_bytes_raise_nothing_but_a_canonical_error(data):
    try:
        assert to_bytes(from_bytes(data)) == data
    except CanonicalError:
        return
