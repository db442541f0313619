"""The outcome of a distribution as the tables of an audit bundle: fields separated by a TAB.

Amounts and weights are plain decimals, in currency and in the measure of the pool's base. The same
tables come out of PostgreSQL by ``sql/bundle.py``.
"""

from .exact import EXACT, number, total, written
from .proof import leaf
from .scheme import ROOT

TAB, NEWLINE = "\t", "\n"
POOL_COLUMNS = ("line", "class", "amount", "residual", "total_weight")
SCHEME_COLUMNS = ("line", "name", "kind", "percent", "of", "account", "citation")
MEMBER_COLUMNS = ("number", "class", "name")
ENTRY_COLUMNS = ("entry", "account", "account_name", "label", "number", "debit", "credit")
NOTHING = EXACT.create_decimal(0)


def share_columns(lines):
    """The header of the members' shares; ``lines`` are the codes of the pools in order."""
    return ("number", *lines, "total", "tax", "net")


def record(*fields):
    """One line of a table."""
    return TAB.join(fields) + NEWLINE


def pool_records(inputs, outcome):
    """The surplus with all residuals together, then every line and class pool, in line order."""
    yield record(*POOL_COLUMNS)
    yield record(ROOT, "", number(inputs.surplus), number(outcome.residual_total), "")
    for line in inputs.scheme.lines:
        yield _pool_record(inputs, outcome, line, "", outcome.pools[line.code])
        for code, amount in outcome.class_pools.get(line.code, {}).items():
            yield _pool_record(inputs, outcome, line, code, amount)


def _pool_record(inputs, outcome, line, class_code, amount):
    residual = outcome.residuals.get((line.code, class_code), NOTHING)
    weights = inputs.weights.get(line.code, {}).get(class_code, {})
    weight = number(total(weights.values())) if weights else ""
    return record(line.code, class_code, number(amount), number(residual), weight)


def share_records(inputs, outcome):
    """Every member with a part in a pool, by number: an amount per pool, total, tax and net."""
    lines = [line.code for line in inputs.scheme.pools]
    yield record(*share_columns(lines))
    for member, parts in _by_member(outcome):
        amounts = dict.fromkeys(lines, NOTHING)
        for (line, _class_code), amount in parts:
            amounts[line] = EXACT.add(amounts[line], amount)
        yield record(member, *map(written, amounts.values()), *_totals(outcome, member, amounts.values()))


def member_leaves(inputs, outcome, run_hash, key):
    """The leaf of every member for the tree of proofs, by number; see ``proof``."""
    nodes = {node: _node_fields(inputs, outcome, *node) for node in outcome.parts}
    for member, given in _by_member(outcome):
        parts = [
            (*nodes[node], written(inputs.weights[node[0]][node[1]][member]), written(amount))
            for node, amount in given
        ]
        totals = _totals(outcome, member, [amount for _node, amount in given])
        yield leaf(run_hash, inputs.scheme, key, member, parts, totals)


def _node_fields(inputs, outcome, line, class_code):
    """What is the same for all members of a pool: its codes, amount and total weight."""
    amount = outcome.class_pools[line][class_code] if class_code else outcome.pools[line]
    weights = inputs.weights.get(line, {}).get(class_code, {})
    return line, class_code, number(amount), number(total(weights.values()))


def _by_member(outcome):
    """``(number, [((line code, class code), amount), ...])`` by number, parts in line order."""
    for member in sorted(set().union(*outcome.parts.values())):
        yield (
            member,
            [(node, amounts[member]) for node, amounts in outcome.parts.items() if member in amounts],
        )


def _totals(outcome, member, amounts):
    """Gross, tax and net as plain decimals."""
    gross = total(amounts)
    tax = outcome.taxes.get(member, NOTHING)
    return written(gross), written(tax), written(EXACT.subtract(gross, tax) if tax else gross)


def entry_balances(inputs, outcome, accounts, members_account, surplus_account):
    """Credit less debit by account code, as the entries must have it, zeros left out.

    ``accounts`` gives the account by code of reserve and fund lines. The first reserve takes the
    residuals, the members' account all shares, and the surplus is taken from its account.
    """
    parts = [(surplus_account, EXACT.minus(inputs.surplus))]
    parts += [
        (accounts[line.code], outcome.pools[line.code])
        for line in inputs.scheme.lines
        if line.kind in ("reserve", "fund")
    ]
    if outcome.residual_line:
        parts.append((accounts[outcome.residual_line], outcome.residual_total))
    parts += [(members_account, total(amounts.values())) for amounts in outcome.parts.values()]
    balances = {}
    for account, amount in parts:
        balances[account] = EXACT.add(balances.get(account, NOTHING), amount)
    return {account: amount for account, amount in balances.items() if amount}
