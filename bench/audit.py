"""The auditor's room over a year of 1,000,000 journal items in 250,000 entries, with 10,000 members: tie-outs, samples, ledger, bundle.

The floor of the ledger is the bare COPY of the same items in the same order, without what makes it safe to open.
"""

import tempfile
from typing import NamedTuple

from odoo.tools import SQL

from .cooperative import create_user
from .surplus import work
from .surplus_year import JOURNAL, YEAR, build_year


class Size(NamedTuple):
    members: int
    items: int


FULL = Size(10_000, 1_000_000)
SMALL = 0.003
AUDITOR = "bench_auditor"
ITEMS_OF_ENTRY = 3  # and one more, their counterpart
TIE_OUT_SECONDS, SAMPLE_SECONDS, BUNDLE_SECONDS = 10, 6, 60
LEDGER_RATIO, MEMORY = 1.5, 50  # MB
DRAWN = 100


def run(lab, size):
    with lab.step("build the year", rows=size.items):
        rows = size.items * ITEMS_OF_ENTRY // (ITEMS_OF_ENTRY + 1)
        year = build_year(lab, "audit", size.members, rows, JOURNAL, ITEMS_OF_ENTRY)
    number(lab, year)
    distribute(lab, year)
    company = year.run.company_id
    create_user(lab.as_user("admin"), company, AUDITOR, "kmp_membership.group_auditor")
    lab.commit()
    audit = lab.as_user(AUDITOR)["kmp.audit"].create({"company_id": company.id, **YEAR})
    measure_tie_outs(lab, audit)
    measure_samples(lab, audit)
    measure_ledger(lab, audit)
    with lab.step("bundle", limit=BUNDLE_SECONDS, memory=MEMORY), tempfile.TemporaryFile() as file:
        audit._write_bundle(file)


def number(lab, year):
    """The entries of each month one after the other, as Odoo numbers them."""
    company = year.run.company_id.id
    # No number may be in the way of another.
    lab.cr.execute(SQL("UPDATE account_move SET name = 'X' || id WHERE company_id = %s", company))
    lab.cr.execute(
        SQL(
            """
            UPDATE account_move move SET sequence_number = place, name = sequence_prefix || place
              FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY journal_id, sequence_prefix ORDER BY id) AS place
                      FROM account_move WHERE company_id = %s) numbered
             WHERE numbered.id = move.id
            """,
            company,
        )
    )
    lab.cr.execute(
        "UPDATE account_move_line item SET move_name = move.name FROM account_move move WHERE move.id = item.move_id"
    )
    lab.cr.execute("ANALYZE account_move, account_move_line")
    lab.commit()


def distribute(lab, year):
    """The distribution of the year, posted."""
    year.run._update_warnings().write({"reason": "measured"})
    year.run.action_compute()
    work(lab)
    year.run.invalidate_recordset()
    officer_run = year.run.with_env(lab.as_user(year.officer))
    officer_run.write({"resolution": "07/RAT/2025"})
    officer_run.action_approve()
    year.run.posting_date = "2025-03-31"
    year.run.action_post()
    work(lab)
    year.run.invalidate_recordset()
    assert year.run.state == "posted", year.run.halted


def measure_tie_outs(lab, audit):
    for check in audit.check_ids:
        name = check.tie_out.removeprefix("kmp.audit.tie.out.")
        with lab.step(name, limit=TIE_OUT_SECONDS):
            check._examine()
        # The few accounts that are measured on are no chart: the statements rightly miss some.
        assert name == "statement" or check.status != "failed", check.message
    lab.commit()


def measure_samples(lab, audit):
    for method in ("random", "value"):
        sample = audit.sample_ids.create({"audit_id": audit.id, "seed": "7", "size": DRAWN, "method": method})
        with lab.step(f"sample: {method}", rows=DRAWN, limit=SAMPLE_SECONDS):
            sample.action_draw()
        assert sum(sample.line_ids.mapped("hits")) == DRAWN
    lab.commit()


def measure_ledger(lab, audit):
    query = bare_items(audit)
    floor = lab.record(lab.fastest(2, "bare COPY", lambda: copy(lab, query)))
    ours = lab.fastest(2, "ledger", lambda: copy_ours(audit), floor=floor, ratio=LEDGER_RATIO, memory=MEMORY)
    lab.record(ours)
    with lab.step("ledger as a zip, with totals and sums", memory=MEMORY), tempfile.TemporaryFile() as file:
        audit._write_ledger_zip(file)


def bare_items(audit):
    return SQL(
        """
        SELECT journal.code, move.name, item.date, account.code_store, account.name, partner.name, item.name, move.ref, item.debit, item.credit
          FROM account_move_line item
          JOIN account_move move ON move.id = item.move_id
          JOIN account_journal journal ON journal.id = item.journal_id
          JOIN account_account account ON account.id = item.account_id
     LEFT JOIN res_partner partner ON partner.id = item.partner_id
         WHERE item.company_id = %s AND item.parent_state = 'posted' AND item.date BETWEEN %s AND %s
         ORDER BY item.date, item.move_id, item.id
        """,
        audit.company_id.id,
        audit.date_from,
        audit.date_to,
    )


def copy(lab, query):
    """:return: the number of rows"""
    rendered = lab.cr.mogrify(query.code, query.params).decode()
    with tempfile.TemporaryFile() as file:
        lab.cr.copy_expert(f"COPY ({rendered}) TO STDOUT WITH (FORMAT csv)", file)
        return lab.cr.rowcount


def copy_ours(audit):
    with tempfile.TemporaryFile() as file:
        audit._write_items(file)
        return audit.env.cr.rowcount
