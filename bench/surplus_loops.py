"""The same division as one would write it with records: a read group per sum, a loop per pool, a create per batch of shares."""

from fractions import Fraction

from .surplus_year import YEAR


def distribute(lab, year):
    """Business and capital of each member one item after the other, shares divided in Python and written nowhere.

    They are those of the run, to the rupiah.
    """
    env = year.run.with_env(lab.as_user(year.accountant)).env
    members = env["kmp.membership"].search([("company_id", "=", year.run.company_id.id)])
    by_partner = {member.partner_id: member for member in members}
    for pool in year.run.pool_ids.filtered("total_weight"):
        given = divide(int(pool.amount), weigh(env, year, pool, by_partner))
        written = {line.share_id.membership_id: int(line.amount) for line in pool.line_ids}
        assert {member: amount for member, amount in given.items() if member in written} == written


def weigh(env, year, pool, by_partner):
    weights = {}
    line = pool.scheme_line_id
    is_capital = line.kind == "capital"
    accounts = (
        env["kmp.share.type"].search([("counts_for_capital_base", "=", True)]).account_id
        if is_capital
        else line.basis_id.account_ids
    )
    domain = [
        ("account_id", "in", accounts.ids),
        ("parent_state", "=", "posted"),
        ("date", "<=", YEAR["date_to"]),
    ]
    if not is_capital:
        domain.append(("date", ">=", YEAR["date_from"]))
    for item in env["account.move.line"].search(domain):
        member = by_partner.get(item.partner_id)
        if member and (not pool.class_id or member.class_id == pool.class_id):
            days = (YEAR["date_to"] - max(item.date, YEAR["date_from"])).days + 1 if is_capital else 1
            weights[member] = weights.get(member, 0) - round(item.balance) * days
    return weights


def divide(amount, weights):
    """Hamilton's method with fractions."""
    total = sum(weights.values())
    exact = {member: Fraction(amount * weight, total) for member, weight in weights.items()}
    given = {member: int(share) for member, share in exact.items()}
    rest = amount - sum(given.values())
    for member in sorted(exact, key=lambda member: (given[member] - exact[member], member.number))[:rest]:
        given[member] += 1
    return given
