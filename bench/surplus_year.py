"""The year of a co-operative whose surplus is to be distributed: business in the ledger, or imported."""

from datetime import date
from typing import NamedTuple

from odoo import Command
from odoo.tools import SQL

from .cooperative import account, add_members, create_user, set_up
from .ledger import ITEMS_OF_ENTRY, Days, add_items, add_share_items

YEAR = {"date_from": date(2024, 1, 1), "date_to": date(2024, 12, 31)}
DAYS = Days(YEAR["date_from"], 366)
RESULT_ACCOUNTS = {
    "income": ("401000", "income"),
    "tax": ("691000", "expense"),
    "reserve": ("302000", "equity"),
    "fund": ("205000", "liability_current"),
    "undistributed": ("309000", "equity_unaffected"),
    "payable": ("206000", "liability_current"),
}
SHARE_PAYMENTS = 2  # per member
INCOME, INCOME_TAX = 60_000_000_000, 500_000_000
IMPORTED, JOURNAL = "kmp.patronage.source.imported", "kmp.patronage.source.journal"


class Year(NamedTuple):
    """What is measured: a draft run and who works on it."""

    name: str
    run: object
    accountant: str
    officer: str
    members: int
    rows: int
    source: str


def build_year(lab, name, members, rows, source, of_entry=ITEMS_OF_ENTRY):
    """A co-operative of its own with ``rows`` of business in 2024, in the ledger or imported."""
    officer, accountant = f"officer {name}", f"accountant {name}"
    cooperative = set_up(lab, f"Koperasi {name}", officer)
    env = cooperative.company.env
    create_user(env, cooperative.company, accountant, "kmp_shu.group_shu_accountant")
    accounts = {
        key: account(env, cooperative.company, code, kind) for key, (code, kind) in RESULT_ACCOUNTS.items()
    }
    post(cooperative, accounts["tax"], INCOME_TAX)
    post(cooperative, accounts["income"], -INCOME)
    first = add_members(lab, cooperative, members)
    add_share_items(lab, cooperative, first, members, SHARE_PAYMENTS * members)
    basis = create_basis(cooperative, accounts, source)
    if source == JOURNAL:
        add_items(lab, cooperative, first, members, rows, accounts["income"], DAYS, of_entry)
    else:
        add_imported(cooperative, basis, members, rows)
    configure(cooperative, accounts)
    scheme = create_scheme(cooperative, accounts, basis)
    # What autovacuum has done long before the year ends.
    env.cr.execute("ANALYZE account_move, account_account, res_partner, kmp_membership")
    lab.commit()
    run = lab.as_user(accountant)["kmp.shu.run"].create({"scheme_id": scheme.id, **YEAR})
    lab.commit()
    return Year(name, run, accountant, officer, members, rows, source)


def create_basis(cooperative, accounts, source):
    return cooperative.company.env["kmp.patronage.basis"].create(
        {
            "code": "BIZ",
            "name": "Business",
            "source": source,
            "company_id": cooperative.company.id,
            "account_ids": [Command.set(accounts["income"].ids if source == JOURNAL else [])],
        }
    )


def add_imported(cooperative, basis, members, rows):
    """As many lines of a till. As in a real year, few buy most: the middle member has half of the mean."""
    env = cooperative.company.env
    batch = env["kmp.patronage.import"].create(
        {
            "name": "till.csv",
            "company_id": cooperative.company.id,
            "sha256": "0" * 64,
            "basis_ids": [Command.link(basis.id)],
        }
    )
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            INSERT INTO kmp_patronage_entry (import_id, row, membership_id, date, value, quantity, hours, cost, product, document)
            SELECT %(batch)s, i,
                   ids[1 + LEAST(%(members)s - 1, FLOOR(%(members)s * POWER((i::bigint * 7919 %% 99991) / 99991.0, 2)))::int],
                   %(day)s, ((i::bigint * 104729 %% 99991) + 1) / 100.0, 1 + i %% 5, 0, 0, 'P' || i %% 4000, 'T' || i / 5
              FROM generate_series(1, %(rows)s) i,
                   (SELECT ARRAY_AGG(id ORDER BY id) AS ids FROM kmp_membership WHERE company_id = %(company)s) member
            """,
            batch=batch.id,
            members=members,
            day=DAYS.day(SQL("i / %s", -(-rows // DAYS.count))),
            rows=rows,
            company=cooperative.company.id,
        )
    )
    # As the import does.
    env.cr.execute(SQL("SELECT brin_summarize_new_values('kmp_patronage_entry_import_range')"))
    env.cr.execute(SQL("ANALYZE kmp_patronage_entry"))


def post(cooperative, result_account, balance):
    """Income or an expense of the year, as one posted entry."""
    env = cooperative.company.env
    opening = env["account.account"].search(
        [("code", "=", "390000"), ("company_ids", "in", cooperative.company.ids)]
    )
    lines = [
        Command.create({"account_id": line_account.id, "balance": amount})
        for line_account, amount in ((result_account, balance), (opening, -balance))
    ]
    env["account.move"].create(
        {"journal_id": cooperative.journal.id, "date": YEAR["date_to"], "line_ids": lines}
    ).action_post()


def configure(cooperative, accounts):
    cooperative.company.write(
        {
            "shu_undistributed_account_id": accounts["undistributed"].id,
            "shu_payable_account_id": accounts["payable"].id,
            "shu_journal_id": cooperative.journal.id,
            "shu_tax_account_ids": [Command.set(accounts["tax"].ids)],
            "shu_member_line_limit": 0,
        }
    )


def create_scheme(cooperative, accounts, basis):
    """Reserve, fund, and the members' half: by days of capital, and by business within each class."""
    env = cooperative.company.env
    splits = [
        Command.create({"class_id": stakeholder_class.id, "percent": 25})
        for stakeholder_class in cooperative.classes
    ]
    lines = [
        {"code": "CAD", "kind": "reserve", "percent": 40, "account_id": accounts["reserve"].id},
        {"code": "PDK", "kind": "fund", "percent": 10, "account_id": accounts["fund"].id},
        {"code": "JM", "kind": "capital", "percent": 20, "capital_base": "day_weighted"},
        {"code": "JU", "kind": "patronage", "percent": 30, "basis_id": basis.id, "split_ids": splits},
    ]
    scheme = env["kmp.shu.scheme"].create(
        {
            "name": "AD",
            "company_id": cooperative.company.id,
            "date_from": date(2020, 1, 1),
            "line_ids": [
                Command.create({"name": line["code"], "sequence": place, **line})
                for place, line in enumerate(lines)
            ],
        }
    )
    scheme.action_put_into_force()
    return scheme
