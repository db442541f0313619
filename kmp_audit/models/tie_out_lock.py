from odoo import models
from odoo.tools import SQL

from ..outcome import Outcome
from .tie_out import LINKED, LISTED

# Whose entries a lock date of the company holds: all journals, or those of one type.
LOCKS = {
    "fiscalyear_lock_date": None,
    "hard_lock_date": None,
    "sale_lock_date": "sale",
    "purchase_lock_date": "purchase",
}
# What changes on a locked entry without touching the books: who was paid, and notes on the way there.
HARMLESS = ("payment_state", "payment_reference", "partner_bank_id", "invoice_user_id", "checked")


class TieOutLock(models.AbstractModel):
    """No entry was made or changed after its date was locked.

    When a date was locked stands in the history of the company (Odoo tracks its lock dates), when an entry changed in the history of the
    entry. What somebody changes past Odoo leaves no history; for that the journals are hashed (`tie_out_hash.py`). Query budget: two.
    """

    _name = "kmp.audit.tie.out.lock"
    _description = "No entry made or changed after the lock"
    _inherit = "kmp.audit.tie.out"

    _place = 80

    def _examine(self, audit):
        locked = self._get_lock_date(audit)
        rows = self._find_late(audit)
        if not rows and (not locked or locked < audit.date_to):
            return Outcome(is_nothing=True, note=self._describe_open(locked))
        late = rows[:LISTED]
        return Outcome(
            findings=[self._describe(*row[1:]) for row in late],
            count=len(rows),
            note=self.env._("Locked until %(date)s", date=locked),
            model="account.move",
            domain=[("id", "in", [row[0] for row in rows])] if rows else self._get_moves_domain(audit),
        )

    def _get_lock_date(self, audit):
        company = audit.company_id.sudo()  # until when the books are locked is no secret to who reads them
        dates = [company.fiscalyear_lock_date, company.hard_lock_date]
        return max(filter(None, dates), default=None)

    def _describe_open(self, locked):
        if not locked:
            return self.env._("The books are not locked: entries of the year can still be made and changed.")
        return self.env._(
            "The books are locked until %(date)s only: later entries of the year can still be made and changed.",
            date=locked,
        )

    def _find_late(self, audit):
        """(id, name, locked on, made on, changed on) of entries of the year; the moments in UTC, or NULL."""
        return self.env.execute_query(
            SQL(
                """
                WITH lock AS MATERIALIZED (
                    SELECT tracking.new_value_datetime::date AS until, message.date AS moment,
                           (%(kinds)s::jsonb) ->> field.name AS kind
                      FROM mail_tracking_value tracking
                      JOIN mail_message message ON message.id = tracking.mail_message_id
                      JOIN ir_model_fields field ON field.id = tracking.field_id
                     WHERE message.model = 'res.company' AND message.res_id = %(company)s
                       AND field.name = ANY(%(fields)s) AND tracking.new_value_datetime IS NOT NULL
                ), locked AS (
                    SELECT move.id, move.name, move.create_date,
                           (SELECT MIN(moment) FROM lock
                             WHERE until >= move.date AND COALESCE(kind = journal.type, TRUE)) AS moment
                      FROM account_move move JOIN account_journal journal ON journal.id = move.journal_id
                     WHERE move.company_id = %(company)s AND move.state = 'posted'
                       AND move.date BETWEEN %(date_from)s AND %(date_to)s
                       AND move.date <= (SELECT MAX(until) FROM lock)
                ), changed AS (
                    SELECT message.res_id AS id, MAX(message.date) AS moment
                      FROM mail_message message
                      JOIN mail_tracking_value tracking ON tracking.mail_message_id = message.id
                 LEFT JOIN ir_model_fields field ON field.id = tracking.field_id
                     WHERE message.model = 'account.move' AND message.date > (SELECT MIN(moment) FROM lock)
                       AND field.name <> ALL(%(harmless)s)
                     GROUP BY message.res_id
                )
                SELECT locked.id, locked.name, locked.moment,
                       CASE WHEN locked.create_date > locked.moment THEN locked.create_date END,
                       CASE WHEN changed.moment > locked.moment THEN changed.moment END
                  FROM locked LEFT JOIN changed USING (id)
                 WHERE locked.create_date > locked.moment OR changed.moment > locked.moment
                 ORDER BY locked.id LIMIT %(limit)s
                """,
                kinds=self._get_kinds(),
                fields=list(LOCKS),
                harmless=list(HARMLESS),
                company=audit.company_id.id,
                date_from=audit.date_from,
                date_to=audit.date_to,
                limit=LINKED,
            )
        )

    def _get_kinds(self):
        kinds = ", ".join(f'"{name}": "{kind}"' for name, kind in LOCKS.items() if kind)
        return f"{{{kinds}}}"

    def _describe(self, name, locked, made, changed):
        values = {"entry": name, "locked": str(locked)[:16], "moment": str(made or changed)[:16]}
        if made:
            return self.env._(
                "%(entry)s was made on %(moment)s, after its date was locked on %(locked)s.", **values
            )
        return self.env._(
            "%(entry)s was changed on %(moment)s, after its date was locked on %(locked)s.", **values
        )
