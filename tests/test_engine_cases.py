"""The reference cases through the engine alone, and the reader and comparison that they need."""

import copy
import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import CaseError, DistributionError, case, distribute, from_bytes, to_bytes

FOLDER = Path(__file__).parent / "cases"
CASES = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
SHARED = {name: data for name, data in CASES.items() if "error" not in data["expect"]}
HOSTILE = ["1e3", "NaN", " 5 ", "1_000", "", 5, 5.0, None, True, [], {}]


def test_the_cases_are_there():
    assert len(CASES) >= 9
    assert len(SHARED) < len(CASES)


@pytest.mark.parametrize("name", CASES)
def test_each_case_gives_what_its_source_prints(name):
    assert case.check(CASES[name]) == []


@pytest.mark.parametrize("name", SHARED)
def test_each_case_survives_its_canonical_form(name):
    inputs = case.read(CASES[name])
    again = from_bytes(to_bytes(inputs))
    assert again == inputs
    assert case.differences(CASES[name], distribute(again)) == []


def _amounts(expect, path=()):
    for key, value in expect.items():
        if isinstance(value, dict):
            yield from _amounts(value, (*path, key))
        else:
            yield (*path, key)


@pytest.mark.parametrize("name", SHARED)
def test_each_expected_amount_is_really_compared(name):
    """One rupiah more in any place must be noticed, once."""
    for *path, key in _amounts(SHARED[name]["expect"]):
        wrong = copy.deepcopy(SHARED[name])
        place = wrong["expect"]
        for step in path:
            place = place[step]
        place[key] = str(int(place[key]) + 1)
        assert len(case.check(wrong)) == 1, (path, key)


def small(**changes):
    """A case of one pool for each base; ``changes`` replace top-level keys."""
    data = {
        "id": "small",
        "currency": "IDR",
        "period": {"start": "2025-01-01", "end": "2025-12-31"},
        "rounding": {"unit": "1", "method": "largest_remainder"},
        "surplus": "100",
        "scheme": [
            {"code": "JM", "kind": "capital", "percent": "40", "of": "surplus"},
            {"code": "JU", "kind": "patronage", "percent": "60", "of": "surplus", "basis": "sales"},
        ],
        "classes": {"K1": "One", "K2": "Two"},
        "members": [
            {"code": "A", "class": "K1", "capital": "10", "patronage": {"sales": "1"}},
            {"code": "B", "class": "K2", "capital": "30", "patronage": {"sales": "3"}},
        ],
        "expect": {"pools": {"JM": "40", "JU": "60"}},
    }
    return copy.deepcopy(data | changes)


def with_capital(base, **keys):
    """The case with JM on ``base`` and the capital keys of member A replaced."""
    data = small()
    data["scheme"][0]["capital_base"] = base
    member = data["members"][0]
    del member["capital"]
    member.update(keys)
    return data


def weight_of_a(data):
    return case.read(data).weights["JM"][""].get("A", 0)


MOVES = [{"date": "2025-12-22", "amount": "200"}]


@pytest.mark.parametrize(
    ("base", "keys", "weight"),
    [
        ("closing", {"capital": "10"}, 10),
        ("average", {"capital": "10"}, 10),
        ("day_weighted", {"capital": "10"}, 3650),
        ("closing", {"capital_opening": "100", "capital_moves": MOVES}, 300),
        ("average", {"capital_opening": "100", "capital_moves": MOVES}, 200),
        ("day_weighted", {"capital_opening": "100", "capital_moves": MOVES}, 36500 + 2000),
        ("day_weighted", {"capital_moves": MOVES}, 2000),
        ("closing", {"capital_opening": "100", "capital": "250"}, 250),
        ("average", {"capital_opening": "100", "capital": "250"}, 175),
        ("average", {"capital_opening": "100", "capital": "300", "capital_moves": MOVES}, 200),
        ("day_weighted", {"capital_opening": "9", "capital": "209", "capital_moves": MOVES}, 5285),
        ("closing", {"capital": "-10"}, 0),
        ("closing", {}, 0),
    ],
)
def test_capital_weights(base, keys, weight):
    assert weight_of_a(with_capital(base, **keys)) == weight


def test_capital_that_does_not_tie_is_refused():
    data = with_capital("closing", capital_opening="100", capital="250", capital_moves=MOVES)
    with pytest.raises(CaseError, match="member A: opening and moves give 300, but capital is 250"):
        case.read(data)


def test_days_need_dates():
    data = with_capital("day_weighted", capital_opening="100", capital="250")
    with pytest.raises(CaseError, match="member A: capital changed, but capital_moves is missing"):
        case.read(data)


def test_holdings_are_what_a_ledger_needs():
    data = with_capital("closing", capital_opening="100", capital="250")
    opening, ((day, amount),) = case.holdings(data)["A"].opening, case.holdings(data)["A"].moves
    assert (opening, str(day), amount) == (100, "2025-12-31", 150)
    assert case.holdings(data)["B"] == case.Holding(Decimal(30))


def test_returned_business_counts_as_none():
    data = small()
    data["members"][0]["patronage"]["sales"] = "-5"
    assert case.read(data).weights["JU"] == {"": {"B": 3}}


def test_a_member_without_business_or_patronage_has_no_weight():
    data = small()
    data["members"][0]["patronage"] = {"other": "5"}
    del data["members"][1]["patronage"]
    assert "JU" not in case.read(data).weights


def test_a_class_without_a_part_has_no_weights():
    data = small()
    data["scheme"][0]["classes"] = {"K1": "100"}
    assert case.read(data).weights["JM"] == {"K1": {"A": 10}}
    assert distribute(case.read(data)).members["A"]["JM"] == 40


def test_surplus_in_two_parts():
    parts = {"member": "150", "non_member": "-50"}
    assert case.check(small(surplus=parts)) == []


def hostile_places():
    def replace(value, *path):
        data = small()
        place = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        return data

    paths = [
        ("surplus",),
        ("rounding", "unit"),
        ("scheme", 0, "percent"),
        ("members", 0, "capital"),
        ("members", 0, "patronage", "sales"),
    ]
    return [(path, value, replace(value, *path)) for path in paths for value in HOSTILE]


@pytest.mark.parametrize(("path", "value", "data"), hostile_places())
def test_hostile_numbers_are_refused_wherever_they_stand(path, value, data):
    with pytest.raises(CaseError, match="Case small"):
        case.read(data)


def test_two_members_with_one_code_are_refused():
    data = small()
    data["members"][1]["code"] = "A"
    with pytest.raises(CaseError, match="two members have the code A"):
        case.read(data)


def test_a_member_of_an_unknown_class_is_refused():
    data = small()
    data["members"][1]["class"] = "K9"
    with pytest.raises(CaseError, match="member B is in the unknown class 'K9'"):
        case.read(data)


def test_a_split_among_unknown_classes_is_refused():
    data = small()
    data["scheme"][0]["classes"] = {"K1": "25", "K9": "50", "K8": "25"}
    with pytest.raises(CaseError, match="line JM is split among the unknown classes K8, K9"):
        case.read(data)


@pytest.mark.parametrize("code", ["a\tb", "a\nb", "a\\b", ""])
def test_member_codes_that_break_a_record_are_refused(code):
    data = small()
    data["members"][0]["code"] = code
    with pytest.raises(CaseError, match="member code"):
        case.read(data)


@pytest.mark.parametrize("key", ["currency", "period", "rounding", "surplus", "scheme", "members"])
def test_a_missing_key_is_named(key):
    data = small()
    del data[key]
    with pytest.raises(CaseError, match=f"Case small: '{key}' is missing"):
        case.read(data)


def test_what_is_no_case_is_refused():
    with pytest.raises(CaseError):
        case.read([])


def test_an_unknown_capital_base_is_a_scheme_error():
    data = with_capital("opening", capital="10")
    with pytest.raises(DistributionError, match="unknown capital base 'opening'"):
        distribute(case.read(data))


def test_keys_of_another_kind_say_nothing():
    data = small()
    data["scheme"][0]["basis"] = "sales"
    data["scheme"][1]["capital_base"] = "closing"
    assert case.check(data) == []


def test_patronage_without_basis_is_a_scheme_error():
    data = small()
    data["scheme"][1]["basis"] = None
    with pytest.raises(DistributionError, match="patronage line JU has no basis"):
        distribute(case.read(data))


REFUSED = small(surplus="-5")
WITH_FUND = small(scheme=[*small()["scheme"], {"code": "F", "kind": "fund", "percent": "0", "of": "surplus"}])


@pytest.mark.parametrize(
    ("data", "expect", "message"),
    [
        (REFUSED, {"error": "percent"}, "Refused with"),
        (REFUSED, {}, "Refused with"),
        (REFUSED, {"error": "negative"}, None),
        (small(), {"error": "percent"}, "Distributed, where an error about 'percent'"),
        (small(), {"pools": {"JX": "1"}}, "pool JX is absent, 1 expected"),
        (small(), {"pools": {"JM": "41"}}, "pool JM is 40, 41 expected"),
        (small(), {"class_pools": {"JM": {"K1": "41"}}}, "pool JM, class K1 is absent"),
        (small(), {"members": {"X": {"total": "0"}}}, "member X is expected but not in the case"),
        (small(), {"members": {"A": {"JX": "0"}}}, "member A: JX is absent, 0 expected"),
        (WITH_FUND, {"members": {"A": {"F": "0"}}}, "member A: F is absent, 0 expected"),
        (small(), {"members": {"A": {"total": "26"}}}, "member A: total is 25, 26 expected"),
        (small(), {"members": {"A": {"JM": "10", "JU": "15", "total": "25"}}}, None),
        (small(), {"weights": {"JM": {"A": "11"}}}, "weight in JM of A is 10, 11 expected"),
        (small(), {"residuals": {}}, "The case expects residuals, which is not compared"),
    ],
)
def test_the_comparison_notices(data, expect, message):
    found = case.check(data | {"expect": expect})
    if message is None:
        assert found == []
    else:
        assert len(found) == 1
        assert message in found[0]


def test_a_member_who_got_nothing_may_be_expected_with_zero():
    data = small(expect={"members": {"A": {"JM": "0", "JU": "0", "total": "0"}}})
    data["members"][0].update({"capital": "0", "patronage": {}})
    assert "A" not in distribute(case.read(data)).members
    assert case.check(data) == []
