"""Make the demonstration's database anew and close its year; see the package."""

import odoo.init  # noqa: F401  # before anything else of Odoo; isort: skip

import argparse
from pathlib import Path

from . import (
    capital,
    company,
    cooperative,
    distribution,
    files,
    members,
    outcome,
    paddy,
    printing,
    purchases,
    trade,
)
from .database import configure, recreate, session, start
from .people import people
from .phases import Phases

PARQUET = "purchases-2017.parquet"
# Who does what. The administrator only sets things up.
ADMIN, ACCOUNTANT, CHAIR = "admin", "accountant", "chair"


def main():
    arguments = parse_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    phases = Phases()
    configure(arguments.database)
    with phases("copy the template database"):
        recreate(arguments.database)
    with phases("convert the real purchases") as phase:
        purchased, belonging = convert(arguments.out / PARQUET)
        phase.rows = purchased.num_rows
    with phases("start Odoo"):
        start(arguments.database)
    with session(arguments.database) as odoo:
        set_up(phases, odoo, belonging)
        book(phases, odoo, belonging, purchases.sales_by_month(purchased))
        run = distribute(phases, odoo, arguments.out / PARQUET, purchases.totals(purchased))
        written = write(phases, run, arguments.out)
        show(phases, run, arguments.out, written)


def parse_arguments():
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--database", required=True, help="is replaced when it exists")
    parser.add_argument("--out", type=Path, default=Path("out"))
    return parser.parse_args()


def convert(path):
    """The purchases as a file for the import, and the people who made them."""
    transactions = purchases.read_transactions()
    purchased = purchases.convert(transactions)
    purchases.write(purchased, path)
    return purchased, people(purchases.households(transactions))


def set_up(phases, odoo, belonging):
    env = odoo.as_user(ADMIN)
    with phases("company, chart, users, rules"):
        company.set_up(env)
        cooperative.set_up(env)
        odoo.commit()
    with phases("members") as phase:
        phase.rows = len(members.register(env, belonging))
        odoo.commit()


def book(phases, odoo, belonging, sales_by_month):
    """The year in the ledger: capital, paddy, trade."""
    accountant = odoo.as_user(ACCOUNTANT)
    with phases("shares and contributions paid in") as phase:
        phase.rows = len(capital.pay_in(accountant, belonging).line_ids)
        odoo.commit()
    with phases("participation capital") as phase:
        phase.rows = len(capital.invest(odoo.as_user(CHAIR)))
        odoo.commit()
    with phases("paddy: receipts, bills, payments, milling") as phase:
        phase.rows = paddy.trade(odoo.as_user(ADMIN))
        odoo.commit()
    with phases("sales, costs and wages by month") as phase:
        phase.rows = len(trade.book_year(accountant, sales_by_month).line_ids)
        odoo.commit()


def distribute(phases, odoo, path, control):
    """From the import to the posted entry, each step by the user who may do it."""
    accountant, chair = odoo.as_user(ACCOUNTANT), odoo.as_user(CHAIR)
    with phases("import the purchases (COPY)") as phase:
        batch = distribution.import_purchases(accountant, path)
        odoo.commit()
        phase.rows = batch.row_count
    distribution.check_totals(batch, control)
    run = distribution.create_run(accountant)
    distribution.acknowledge(run)
    odoo.commit()
    with phases("compute") as phase:
        run.action_compute()
        odoo.commit()
        phase.rows = run.member_count
    with phases("approve and post"):
        distribution.approve(run.with_env(chair))
        odoo.commit()  # and so the record says who took which step
        run.action_post()
        odoo.commit()
    return run


def write(phases, run, folder):
    """The files of ``out/``; their names."""
    written = [PARQUET]
    for name in files.REPORTS:
        with phases(f"write {name}"):
            if files.write_report(run, folder, name):
                written.append(name)
    with phases("write the waterfall and the inputs"):
        files.write_waterfall(run, folder)
        files.write_inputs(run, folder)
    with phases("recompute in plain Python") as phase:
        phase.rows = files.verify(run, folder)
    return [*written, files.WATERFALL, files.INPUTS]


def show(phases, run, folder, written):
    printing.print_phases(phases)
    printing.print_pools(outcome.pools(run))
    printing.print_members(outcome.examples(run))
    printing.print_totals(run, outcome.totals(run))
    printing.print_assumptions()
    printing.print_way_on(folder, written)


if __name__ == "__main__":
    main()
