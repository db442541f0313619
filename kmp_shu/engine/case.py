"""Reference cases: a surplus with the outcome that somebody else has printed.

``tests/cases/README.md`` gives the format. ``read`` turns a case into inputs, ``differences`` and
``weight_differences`` compare an outcome with what the case expects. They look only at the
attributes ``pools``, ``class_pools`` and ``members`` (and ``weights``), so an outcome that comes
from elsewhere, the database say, can be compared too.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .capital import BASES
from .errors import CaseError
from .exact import EXACT, parse, plain
from .inputs import Inputs
from .scheme import ROOT, Line, Scheme, code_errors
from .waterfall import distribute

NOTHING = Decimal(0)
COMPARED = frozenset({"pools", "class_pools", "members", "weights", "error"})


@dataclass(frozen=True)
class Holding:
    """A member's share capital: the balance before the period, and the dated moves in it."""

    opening: Decimal
    moves: tuple = ()


def read(case):
    """The Inputs of a case. Raises CaseError, naming the place, for what it cannot read."""
    try:
        return _read(case)
    except CaseError:
        raise
    except (KeyError, AttributeError) as error:
        raise CaseError(f"Case {_name(case)}: {error} is missing or misplaced.") from error
    except (TypeError, ValueError) as error:
        raise CaseError(f"Case {_name(case)}: {error}") from error


def holdings(case):
    """``{member code: Holding}``, for whoever enters a case into a ledger.

    ``capital`` alone was held all through the period. ``capital_opening`` with ``capital`` but
    without moves became the latter on the last day, which no base but ``day_weighted`` can tell.
    """
    end = date.fromisoformat(case["period"]["end"])
    return {member["code"]: _holding(member, end) for member in case["members"]}


def check(case):
    """Everything a case says, through the engine: a list of differences, empty when all is well."""
    wanted = case["expect"].get("error")
    try:
        inputs = read(case)
        outcome = distribute(inputs)
    except ValueError as error:
        if wanted and wanted.lower() in str(error).lower():
            return []
        return [f"Refused with {str(error)!r}, where {wanted!r} was expected."]
    return differences(case, outcome) + weight_differences(case, inputs)


def differences(case, distribution):
    """Where ``distribution`` is not what the case expects, in words; empty when it is."""
    expect = case["expect"]
    found = [f"The case expects {key}, which is not compared." for key in set(expect) - COMPARED]
    if "error" in expect:
        return [*found, f"Distributed, where an error about {expect['error']!r} was expected."]
    found += _compare("pool", expect.get("pools", {}), distribution.pools)
    for line, wanted in expect.get("class_pools", {}).items():
        given = distribution.class_pools.get(line, {})
        found += _compare(f"pool {line}, class", wanted, given)
    return found + _member_differences(case, distribution)


def weight_differences(case, inputs):
    """Where the weights are not those that the case expects, in words; classes are added up."""
    found = []
    for line, wanted in case["expect"].get("weights", {}).items():
        given = dict.fromkeys((member["code"] for member in case["members"]), NOTHING)
        for members in inputs.weights.get(line, {}).values():
            for code, weight in members.items():
                given[code] = EXACT.add(given.get(code, NOTHING), weight)
        found += _compare(f"weight in {line} of", wanted, given)
    return found


def _member_differences(case, distribution):
    """A member of the case who is not in the outcome got nothing, and so in every pool."""
    pools = [line["code"] for line in case["scheme"] if line["kind"] in ("capital", "patronage")]
    known = {member["code"] for member in case["members"]}
    found = []
    for code, wanted in case["expect"].get("members", {}).items():
        if code not in known:
            found.append(f"member {code} is expected but not in the case.")
            continue
        given = dict.fromkeys([*pools, "total"], NOTHING) | distribution.members.get(code, {})
        found += _compare(f"member {code}:", wanted, given)
    return found


def _compare(what, wanted, given):
    found = []
    for key, text in wanted.items():
        amount = given.get(key)
        if amount is None:
            found.append(f"{what} {key} is absent, {text} expected.")
        elif amount != parse(text):
            found.append(f"{what} {key} is {plain(amount)}, {text} expected.")
    return found


def _name(case):
    return case.get("id", "without id") if isinstance(case, dict) else "without id"


def _read(case):
    start, end = (date.fromisoformat(case["period"][day]) for day in ("start", "end"))
    _check_members(case)
    rounding = case["rounding"]
    lines = [_line(record, case["classes"]) for record in case["scheme"]]
    scheme = Scheme(lines, parse(rounding["unit"]), rounding["method"])
    weights = {line.code: _weights(case, line, start, end) for line in scheme.pools}
    return Inputs(case["currency"], start, end, _surplus(case["surplus"]), scheme, weights)


def _check_members(case):
    codes = Counter(member["code"] for member in case["members"])
    errors = [f"two members have the code {code}." for code, count in codes.items() if count > 1]
    for member in case["members"]:
        errors += code_errors(member["code"], "member code")
        if member["class"] not in case["classes"]:
            errors.append(f"member {member['code']} is in the unknown class {member['class']!r}.")
    if errors:
        raise CaseError(f"Case {_name(case)}: " + "\n".join(errors))


def _line(record, known_classes):
    """Only the key that the kind reads is read: a fund's ``basis`` says nothing."""
    code, kind = record["code"], record["kind"]
    classes = {name: parse(percent) for name, percent in (record.get("classes") or {}).items()}
    unknown = sorted(set(classes) - set(known_classes))
    if unknown:
        raise CaseError(f"line {code} is split among the unknown classes {', '.join(unknown)}.")
    return Line(
        code,
        kind,
        parse(record["percent"]),
        record.get("of", ROOT),
        basis=record.get("basis") or "" if kind == "patronage" else "",
        capital_base=record.get("capital_base") or "closing" if kind == "capital" else "",
        classes=classes,
    )


def _surplus(surplus):
    if isinstance(surplus, dict):
        return {part: parse(amount) for part, amount in surplus.items()}
    return parse(surplus)


def _weights(case, line, start, end):
    """Weights per class; a class that the line's split does not name has no part in the pool."""
    weights = {code: {} for code in line.classes or [""]}
    for member in case["members"]:
        code = member["class"] if line.classes else ""
        if code in weights:
            weights[code][member["code"]] = _weight(member, line, start, end)
    return weights


def _weight(member, line, start, end):
    """Business returned in excess (a credit note) is below zero, and counts as none."""
    if line.kind == "patronage":
        return max(parse((member.get("patronage") or {}).get(line.basis, "0")), NOTHING)
    if line.capital_base not in BASES:
        return NOTHING  # the scheme is refused for it later, before weights are looked at
    if line.capital_base == "day_weighted" and _lacks_dates(member):
        raise CaseError(f"member {member['code']}: capital changed, but capital_moves is missing.")
    holding = _holding(member, end)
    return BASES[line.capital_base](holding.opening, holding.moves, start, end)


def _lacks_dates(member):
    return {"capital", "capital_opening"} <= set(member) and "capital_moves" not in member


def _holding(member, end):
    closing = parse(member["capital"]) if "capital" in member else None
    if "capital_opening" not in member and "capital_moves" not in member:
        return Holding(NOTHING if closing is None else closing)
    opening = parse(member.get("capital_opening", "0"))
    moves = tuple(
        (date.fromisoformat(move["date"]), parse(move["amount"]))
        for move in member.get("capital_moves") or ()
    )
    if closing is None:
        return Holding(opening, moves)
    return _tied(member, Holding(opening, moves), closing, end)


def _tied(member, holding, closing, end):
    """The holding, if it leads to the closing balance; without moves the difference is one."""
    balance = holding.opening
    for _day, amount in holding.moves:
        balance = EXACT.add(balance, amount)
    missing = EXACT.subtract(closing, balance)
    if missing and "capital_moves" in member:
        raise CaseError(
            f"member {member['code']}: opening and moves give {plain(balance)}, "
            f"but capital is {plain(closing)}."
        )
    return Holding(holding.opening, ((end, missing),)) if missing else holding
