from decimal import Decimal

from odoo import Command, models
from odoo.tools import SQL
from odoo.tools.gc import disabling_gc

from ..tools import unsealed

# Rows of one batch: quick together, and little is lost when the server is killed.
BATCH_ROWS = 1000
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
}


class MembershipImport(models.Model):
    """The batches: how rows become archived contacts and draft entries, and how these are taken back."""

    _inherit = "kmp.membership.import"

    def _count_remaining(self):
        """In rows: a contact and an entry for each, and one for the end."""
        self.ensure_one()
        if self.state not in ("importing", "undoing"):
            return 0
        steps, made = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(CASE step WHEN 'contact' THEN 2 WHEN 'entry' THEN 1 ELSE 0 END), 0),
                       COUNT(partner_id) + COUNT(move_id)
                  FROM kmp_membership_import_row WHERE import_id = %s
                """,
                self.id,
            )
        )[0]
        return int(steps if self.state == "importing" else made) + 1

    def _count_steps(self):
        return 2 * self.member_count + 1 if self.state in ("importing", "undoing") else 0

    def _has_batches(self):
        """Whether more than the last step is left of an import."""
        return self.state == "importing" and self._count_remaining() > 1

    def _take_rows(self, condition: SQL):
        """The next rows of this import that fulfil a condition and that no other worker has."""
        rows = self.env["kmp.membership.import.row"].sudo()  # sudo: rows are read and written by imports only
        # What another worker did since the snapshot is refused; the step is tried again, nobody has to read of it.
        self.env.cr.execute(
            SQL(
                "SELECT id FROM kmp_membership_import_row WHERE import_id = %s AND %s ORDER BY line LIMIT %s FOR UPDATE SKIP LOCKED",
                self.id,
                condition,
                BATCH_ROWS,
            ),
            log_exceptions=False,
        )
        return rows.browse(row_id for (row_id,) in self.env.cr.fetchall())

    # ---------------------------------------------------------------- forward

    def _create_contacts(self):
        """Contacts of the next rows, archived until their members are registered. :return: the number of rows done"""
        rows = self._take_rows(SQL("step = 'contact'"))
        if rows:
            with disabling_gc():
                partners = self.env["res.partner"].with_context(**QUIET)
                # Asked once: Odoo looks for them anew for each contact, which takes a third of the time.
                defaults = partners._add_missing_default_values({})
                partners = partners.create(
                    [defaults | self._prepare_partner_vals(row.values) for row in rows]
                )
            self._keep(rows, "partner_id", partners.ids)
        return len(rows)

    def _create_entries(self):
        """A draft entry with the capital of the next rows. :return: the number of rows done"""
        rows = self._take_rows(SQL("step = 'entry'"))
        if rows:
            with disabling_gc():
                # sudo: as for deposits, an officer enters share capital without any other right in accounting
                moves = unsealed(self.env["account.move"].sudo().with_context(**QUIET))
                move = moves.create(self._prepare_opening_vals(rows))
            self._keep(rows, "move_id", [move.id] * len(rows))
        return len(rows)

    def _keep(self, rows, column, ids):
        """Write down what was made of the rows and what they wait for now, and free the memory."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                UPDATE kmp_membership_import_row r
                   SET %s = made.id, step = CASE WHEN r.step = 'contact' AND r.capital <> '{}' THEN 'entry' ELSE 'register' END
                  FROM unnest(%s, %s) AS made(row_id, id) WHERE r.id = made.row_id RETURNING r.id
                """,
                SQL.identifier(column),
                rows.ids,
                list(ids),
            )
        )
        self.env.invalidate_all()

    def _prepare_partner_vals(self, values):
        return {
            **{name: values.get(name) or False for name in ("name", "email", "phone", "street", "city")},
            "is_company": values.get("member_kind") in ("cooperative", "company"),
            "company_id": False,
            "active": False,
        }

    def _prepare_opening_vals(self, rows):
        """One item per member and share type, and one on the other side."""
        accounts = dict(
            self.env["kmp.share.type"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.company_id.id)])
            .mapped(lambda share_type: (share_type.code, share_type.account_id.id))
        )
        capital = [
            (accounts[code], row.partner_id.id, Decimal(amount))
            for row in rows
            for code, amount in row.capital.items()
        ]
        items = [(account_id, partner_id, -amount) for account_id, partner_id, amount in capital]
        items.append((self.account_id.id, False, sum(amount for _account, _partner, amount in capital)))
        label = self.env._("Opening capital of members")
        prepare = self.env["account.move.line"].with_company(self.company_id)._prepare_known_item
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": self.date,
            "ref": label,
            "line_ids": [
                Command.create(prepare(account_id, partner_id, float(balance), label))
                for account_id, partner_id, balance in items
            ],
        }

    # ---------------------------------------------------------------- backward

    def _delete_entries(self):
        """Delete the drafts of the next rows. :return: the number of rows done"""
        rows = self._take_rows(SQL("move_id IS NOT NULL"))
        # sudo: officers delete the drafts that their import made, and no others
        rows.move_id.with_context(**QUIET).unlink()
        return len(rows)

    def _delete_contacts(self):
        """Delete the contacts of the next rows. :return: the number of rows done"""
        rows = self._take_rows(SQL("partner_id IS NOT NULL"))
        # sudo: officers delete the contacts that their import made, and no others
        rows.partner_id.with_context(**QUIET).unlink()
        return len(rows)
