import hashlib
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .patronage_file import NUMBERS, STAGING

# Up to fifteen digits before and six after the point: nothing that a number of rupiah needs more of.
# The lengths are compared apart, because a pattern that counts is three times slower.
NUMBER_PATTERN = r"^[0-9]+([.][0-9]+)?$"
WHOLE_DIGITS, FRACTION_DIGITS = 15, 6
LISTED_ROWS = 10
CHUNK = 1 << 20


class RejectedRowsError(UserError):
    """A file was refused. `rows` lists (row, reason) of every row that has to be mended."""

    def __init__(self, message, rows):
        super().__init__(message)
        self.rows = rows


class KmpPatronageImport(models.Model):
    """A file of business done outside Odoo: all of its rows or none, and only once."""

    _name = "kmp.patronage.import"
    _description = "Imported business file"
    _inherit = ["mail.thread", "kmp.patronage.file"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("File", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    basis_ids = fields.Many2many(
        "kmp.patronage.basis",
        relation="kmp_patronage_import_basis_rel",
        string="Counts For",
        check_company=True,
        domain="[('source', '=', 'kmp.patronage.source.imported')]",
    )
    sha256 = fields.Char("SHA-256", required=True, readonly=True)
    date_from = fields.Date("First Day", readonly=True)
    date_to = fields.Date("Last Day", readonly=True)
    row_count = fields.Integer("Rows", readonly=True)
    member_count = fields.Integer("Members", readonly=True)
    value = fields.Monetary(readonly=True)
    quantity = fields.Float(readonly=True, digits=(16, 2))
    hours = fields.Float(readonly=True, digits=(16, 2))

    _file_once = models.Constraint("UNIQUE(company_id, sha256)", "This file has been imported before.")

    @api.model
    def _import_file(self, stream, file_name, bases):
        """Import a seekable binary `stream`, CSV or Parquet, as business for `bases`.

        The columns are member (number), date (YYYY-MM-DD), at least one of value (company
        currency), quantity and hours, and if wanted cost (of the goods, company currency), product
        and document.

        Returns the import. Raises UserError when the file cannot be read or was imported before,
        RejectedRowsError when a row is not right; nothing is left behind.
        """
        company = self._get_import_company(bases)
        digest = self._check_new_file(stream, file_name, company)
        with self.env.cr.savepoint():
            columns = self._stage_file(stream, file_name)
            batch = self.create(
                {
                    "name": file_name,
                    "company_id": company.id,
                    "basis_ids": [fields.Command.set(bases.ids)],
                    "sha256": digest,
                }
            )
            batch._load_staged(columns)
            batch._compute_totals()
            batch._check_not_distributed()
        return batch

    @api.model
    def _get_import_company(self, bases):
        self.check_access("create")
        bases.check_access("read")
        if not bases or len(bases.company_id) > 1:
            raise UserError(self.env._("Choose the patronage bases of one company that the file counts for."))
        if bases.company_id not in self.env.companies:
            raise AccessError(self.env._("You may not import business of %s.", bases.company_id.name))
        return bases.company_id

    @api.model
    def _check_new_file(self, stream, file_name, company):
        """SHA-256 of the file; raises UserError when the company has imported it before."""
        digest = _get_sha256(stream)
        earlier = self.search([("company_id", "=", company.id), ("sha256", "=", digest)])
        if earlier:
            raise UserError(
                self.env._(
                    "%(file)s was imported before, as %(earlier)s on %(date)s. Delete that import "
                    "first if it has to be done again.",
                    file=file_name,
                    earlier=earlier.name,
                    date=fields.Date.to_string(earlier.create_date),
                )
            )
        return digest

    def _load_staged(self, columns):
        """Move the staged rows into `kmp.patronage.entry`, or raise RejectedRowsError.

        COALESCE hides the checks from the planner: it would guess that hardly a row passes them,
        and look up the member of each row by itself, for minutes.
        """
        self.flush_recordset()
        checks = self._get_checks(columns)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kmp_patronage_entry (import_id, row, membership_id, date, value,
                                                 quantity, hours, cost, product, document)
                SELECT %(batch)s, staged.row, membership.id, staged.date::date, %(numbers)s, %(texts)s
                  FROM %(staging)s staged %(member)s
                 WHERE membership.id IS NOT NULL AND COALESCE(%(valid)s, FALSE)
                """,
                batch=self.id,
                numbers=SQL(", ").join(
                    SQL("%s::numeric", self._get_column(name, columns, SQL("'0'"))) for name in NUMBERS
                ),
                texts=SQL(", ").join(
                    self._get_column(name, columns, SQL("NULL")) for name in ("product", "document")
                ),
                staging=STAGING,
                member=self._get_member_join(),
                valid=SQL(" AND ").join(valid for valid, _reason in checks),
            )
        )
        loaded = self.env.cr.rowcount
        [[staged]] = self.env.execute_query(SQL("SELECT COUNT(*) FROM %s", STAGING))
        if not staged:
            raise UserError(self.env._("%(file)s has no rows.", file=self.name))
        if loaded < staged:
            self._raise_rejected(checks, staged)
        # A distribution may be computed at once, before PostgreSQL would have looked by itself.
        self.env.cr.execute(SQL("SELECT brin_summarize_new_values('kmp_patronage_entry_import_range')"))
        self.env.cr.execute(SQL("ANALYZE kmp_patronage_entry"))

    def _get_column(self, name, columns, default):
        return SQL("staged.%s", SQL.identifier(name)) if name in columns else default

    def _get_member_join(self):
        return SQL(
            """LEFT JOIN kmp_membership membership
                      ON membership.company_id = %s AND membership.number = staged.member""",
            self.company_id.id,
        )

    def _get_checks(self, columns):
        """What a row must fulfil: (condition, reason as SQL text) in the order of telling."""
        bad_dates = self._get_bad_dates()
        is_day = SQL("staged.date IS NOT NULL AND staged.date != ALL(%s)", bad_dates)
        checks = [
            (
                is_day,
                self._get_reason(self.env._("date %s is not a day like 2025-12-31"), "date"),
            )
        ]
        for name in NUMBERS:
            if name in columns:
                column = SQL("staged.%s", SQL.identifier(name))
                checks.append(
                    (
                        self._get_number_condition(column),
                        self._get_reason(
                            self.env._(
                                "%(column)s %(text)s is not a number like 1500000.50, zero or more",
                                column=name,
                                text="%s",
                            ),
                            name,
                        ),
                    )
                )
        return checks

    def _get_number_condition(self, column) -> SQL:
        return SQL(
            """COALESCE(%(column)s, '') ~ %(pattern)s
               AND LENGTH(SPLIT_PART(%(column)s, '.', 1)) <= %(whole)s
               AND LENGTH(SPLIT_PART(%(column)s, '.', 2)) <= %(fraction)s""",
            column=column,
            pattern=NUMBER_PATTERN,
            whole=WHOLE_DIGITS,
            fraction=FRACTION_DIGITS,
        )

    def _get_reason(self, template, column):
        before, after = template.split("%s")
        return SQL(
            "%s || COALESCE(quote_literal(staged.%s), '(empty)') || %s",
            before,
            SQL.identifier(column),
            after,
        )

    def _get_bad_dates(self):
        """The texts of the staged dates that are no day. A year has few, so Python reads them."""
        rows = self.env.execute_query(SQL("SELECT DISTINCT date FROM %s WHERE date IS NOT NULL", STAGING))
        return [text for [text] in rows if not _is_day(text)]

    def _raise_rejected(self, checks, staged):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT staged.row,
                       CONCAT_WS('; ',
                           CASE WHEN membership.id IS NULL THEN %(unknown)s END, %(reasons)s)
                  FROM %(staging)s staged %(member)s
                 WHERE membership.id IS NULL OR NOT (%(valid)s)
                 ORDER BY staged.row
                """,
                unknown=self._get_reason(self.env._("member %s is unknown"), "member"),
                reasons=SQL(", ").join(
                    SQL("CASE WHEN NOT (%s) THEN %s END", valid, reason) for valid, reason in checks
                ),
                staging=STAGING,
                member=self._get_member_join(),
                valid=SQL(" AND ").join(valid for valid, _reason in checks),
            )
        )
        listed = "\n".join(
            self.env._("Row %(row)s: %(reason)s", row=row, reason=reason)
            for row, reason in rows[:LISTED_ROWS]
        )
        raise RejectedRowsError(
            self.env._(
                "%(file)s was not imported: %(rejected)s of %(staged)s rows are not right. Mend them "
                "and import the file again.\n%(listed)s",
                file=self.name,
                rejected=len(rows),
                staged=staged,
                listed=listed + ("\n..." if len(rows) > LISTED_ROWS else ""),
            ),
            rows,
        )

    def _compute_totals(self):
        self.env.cr.execute(
            SQL(
                """
                UPDATE kmp_patronage_import batch
                   SET row_count = total.rows, member_count = total.members, value = total.value,
                       quantity = total.quantity, hours = total.hours,
                       date_from = total.first, date_to = total.last
                  FROM (SELECT SUM(rows) AS rows, COUNT(*) AS members,
                               SUM(value) AS value, SUM(quantity) AS quantity, SUM(hours) AS hours,
                               MIN(first) AS first, MAX(last) AS last
                          FROM (SELECT COUNT(*) AS rows, SUM(value) AS value,
                                       SUM(quantity) AS quantity, SUM(hours) AS hours,
                                       MIN(date) AS first, MAX(date) AS last
                                  FROM kmp_patronage_entry
                                 WHERE import_id = %(batch)s
                                 GROUP BY membership_id) member) total
                 WHERE batch.id = %(batch)s
                """,
                batch=self.id,
            )
        )
        self.invalidate_recordset()

    def unlink(self):
        ids = tuple(self.ids)
        result = super().unlink()
        if ids:
            self.env.cr.execute(SQL("DELETE FROM kmp_patronage_entry WHERE import_id IN %s", ids))
        return result

    def action_open_entries(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.patronage_entry_action")
        return {**action, "domain": [("import_id", "=", self.id)]}


def _get_sha256(stream):
    """The digest of a whole stream, which is left at its beginning."""
    sha256 = hashlib.sha256()
    for chunk in iter(lambda: stream.read(CHUNK), b""):
        sha256.update(chunk)
    stream.seek(0)
    return sha256.hexdigest()


def _is_day(text):
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
