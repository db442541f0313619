from odoo import models
from odoo.tools import SQL

from ..outcome import Outcome
from .tie_out import LINKED, LISTED


class TieOutNumber(models.AbstractModel):
    """Entry numbers without gaps: before each number of the year there is the one before it, in its journal and series.

    The series is Odoo's own (`sequence_prefix`, `sequence_number`). A number that a draft or cancelled entry still holds is no gap:
    such entries stand under *documents that count nowhere*. Query budget: two.
    """

    _name = "kmp.audit.tie.out.number"
    _description = "Entry numbers without gaps"
    _inherit = "kmp.audit.tie.out"

    _place = 70

    def _examine(self, audit):
        gaps = self._find_gaps(audit)
        return Outcome(
            findings=[self._describe(*row[1:]) for row in gaps[:LISTED]],
            count=len(gaps),
            note=self._describe_series(audit),
            model="account.move",
            domain=[("id", "in", [row[0] for row in gaps])] if gaps else self._get_moves_domain(audit),
        )

    def _find_gaps(self, audit):
        """(id, name, number, the last one before it or NULL) of the entries of the year that follow a gap."""
        return self.env.execute_query(
            SQL(
                """
                SELECT following.id, following.name, following.sequence_number,
                       (SELECT name FROM account_move
                         WHERE journal_id = following.journal_id AND sequence_prefix = following.sequence_prefix
                           AND sequence_number < following.sequence_number
                         ORDER BY sequence_number DESC LIMIT 1),
                       COALESCE((SELECT MAX(sequence_number) FROM account_move
                         WHERE journal_id = following.journal_id AND sequence_prefix = following.sequence_prefix
                           AND sequence_number < following.sequence_number), 0)
                  FROM (SELECT id, name, journal_id, sequence_prefix, sequence_number, state,
                               LAG(sequence_number) OVER (PARTITION BY journal_id, sequence_prefix
                                                              ORDER BY sequence_number) AS previous
                          FROM account_move
                         WHERE company_id = %s AND date BETWEEN %s AND %s AND sequence_number > 0) following
                 WHERE following.state = 'posted' AND following.sequence_number > 1
                   AND following.previous IS DISTINCT FROM following.sequence_number - 1
                   AND NOT EXISTS (
                       SELECT 1 FROM account_move
                        WHERE journal_id = following.journal_id AND sequence_prefix = following.sequence_prefix
                          AND sequence_number = following.sequence_number - 1)
                 ORDER BY following.name LIMIT %s
                """,
                audit.company_id.id,
                audit.date_from,
                audit.date_to,
                LINKED,
            )
        )

    def _describe(self, name, number, last, last_number):
        missing = number - last_number - 1
        if not last:
            return self.env._(
                "%(count)s numbers are missing before %(entry)s, the first.", count=missing, entry=name
            )
        return self.env._(
            "%(count)s numbers are missing between %(last)s and %(entry)s.",
            count=missing,
            last=last,
            entry=name,
        )

    def _describe_series(self, audit):
        [[entries, series]] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*), COUNT(DISTINCT (journal_id, sequence_prefix)) FROM account_move
                    WHERE company_id = %s AND state = 'posted' AND date BETWEEN %s AND %s""",
                audit.company_id.id,
                audit.date_from,
                audit.date_to,
            )
        )
        return self.env._("%(entries)s entries in %(series)s series", entries=entries, series=series)
