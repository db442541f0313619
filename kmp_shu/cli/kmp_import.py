import sys
import time
from decimal import Decimal
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config


class KmpImport(Command):
    """Import a file of business done outside Odoo: all of its rows, or none.

    The file is CSV or Parquet with the columns member and date, at least one of value, quantity
    and hours, and if wanted product and document. Prints control totals; or the rows that have
    to be mended, each with its reason, and ends with status 1.
    """

    name = "kmp_import"

    def run(self, cmdargs):
        arguments = self._parse(cmdargs)
        config.parse_config(
            ["--database", arguments.database, "--no-http", "--log-handler=:WARNING"],
            setup_logging=True,
        )
        # The cursor commits when its block ends without an exception.
        with Registry(arguments.database).cursor() as cr:
            try:
                self._import(cr, arguments)
            except UserError as error:
                sys.exit(_explain(error))

    def _parse(self, cmdargs):
        add = self.parser.add_argument
        add("-d", "--database", required=True)
        add(
            "--basis",
            action="append",
            required=True,
            metavar="CODE",
            help="a patronage basis that the file counts for; may be given again",
        )
        add("--company", type=int, metavar="ID", help="by default the user's company")
        add("--user", metavar="LOGIN", help="import with the rights of this user, by default with all")
        add("file", type=Path, metavar="FILE")
        arguments = self.parser.parse_args(cmdargs)
        if not arguments.file.is_file():
            self.parser.error(f"{arguments.file} is not a file.")
        return arguments

    def _import(self, cr, arguments):
        env = self._get_environment(cr, arguments)
        bases = self._get_bases(env, arguments.basis)
        begun = time.perf_counter()
        with arguments.file.open("rb") as stream:
            batch = env["kmp.patronage.import"]._import_file(stream, arguments.file.name, bases)
        env.flush_all()
        _print_totals(batch, time.perf_counter() - begun)

    def _get_environment(self, cr, arguments):
        """The user's environment, limited to one company."""
        env = api.Environment(cr, SUPERUSER_ID, {})
        user = env.user
        if arguments.user:
            user = env["res.users"].search([("login", "=", arguments.user)])
        if not user:
            raise UserError(env._("There is no user %s.", arguments.user))
        company = env["res.company"].browse(arguments.company or user.company_id.id).exists()
        if not company or (arguments.user and company not in user.company_ids):
            raise UserError(env._("%(user)s has no company %(id)s.", user=user.login, id=arguments.company))
        return api.Environment(cr, user.id, {**user.context_get(), "allowed_company_ids": company.ids})

    def _get_bases(self, env, codes):
        bases = env["kmp.patronage.basis"].search(
            [("company_id", "=", env.company.id), ("code", "in", codes)]
        )
        unknown = sorted(set(codes) - set(bases.mapped("code")))
        if unknown:
            raise UserError(
                env._(
                    "%(company)s has no patronage basis %(codes)s.",
                    company=env.company.name,
                    codes=", ".join(unknown),
                )
            )
        return bases


def _print_totals(batch, seconds):
    [totals] = batch.read(["row_count", "member_count", "date_from", "date_to"])
    amounts = _get_exact_totals(batch)
    print(f"file      {batch.name}")
    print(f"rows      {totals['row_count']:,}")
    print(f"members   {totals['member_count']:,}")
    print(f"days      {totals['date_from']} to {totals['date_to']}")
    for name, amount in amounts.items():
        print(f"{name:<9} {amount}")
    print(f"sha256    {batch.sha256}")
    print(f"seconds   {seconds:.1f} ({totals['row_count'] / seconds:,.0f} rows/s)")


def _get_exact_totals(batch):
    """Control totals as PostgreSQL has them: a float would lose the last digits."""
    batch.env.cr.execute(
        "SELECT value::text, quantity::text, hours::text FROM kmp_patronage_import WHERE id = %s",
        [batch.id],
    )
    totals = zip(("value", "quantity", "hours"), map(Decimal, batch.env.cr.fetchone()), strict=True)
    return {name: f"{total:,f}" for name, total in totals if total}


def _explain(error):
    """The rows of a refused file one by one, or the reason why it cannot be imported at all."""
    rows = getattr(error, "rows", None)
    if rows is None:
        return str(error)
    listed = "\n".join(f"row {row}: {reason}" for row, reason in rows)
    return f"{listed}\n{len(rows):,} rows rejected, nothing imported."
