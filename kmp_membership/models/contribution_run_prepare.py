from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..periods import FOREVER
from ..tools import unsealed
from .contribution_run_process import BATCH_LINES


class ContributionRun(models.Model):
    """Who is billed how much: one statement over all members, whatever their number."""

    _inherit = "kmp.contribution.run"

    def _prepare_lines(self):
        """Replace the prepared lines of this draft by those of today. Query budget: three, whatever the number of members."""
        self.ensure_one()
        self._discard_lines()
        rows = self.env.execute_query(
            SQL(
                """
                WITH candidate AS MATERIALIZED (%(candidates)s), line AS (
                    INSERT INTO kmp_contribution_line (run_id, company_id, membership_id, share_type_id, class_id, term_id,
                                                       period_from, period_to, date_due, amount, state)
                    SELECT %(run)s, %(company)s, membership_id, share_type_id, class_id, term_id,
                           period_from, period_to, date_due, amount, 'draft'
                      FROM candidate WHERE skip IS NULL
                     ORDER BY number COLLATE "C", membership_id, period_from, sequence, share_type_id
                )
                SELECT COALESCE(skip, ''), COUNT(*) FROM candidate GROUP BY 1
                """,
                candidates=self._get_candidates_query(),
                run=self.id,
                company=self.company_id.id,
            )
        )
        if dict(rows).get("", 0) > BATCH_LINES:
            # The lines are read at once, long before the server looks at the table by itself: a wrong plan is quadratic.
            self.env.cr.execute(SQL("ANALYZE kmp_contribution_line"))
        self.env["kmp.contribution.line"].invalidate_model()
        unsealed(self).skipped = {skip: count for skip, count in rows if skip}
        self.invalidate_recordset()

    def _discard_lines(self):
        for run in self:
            # sudo: lines are written by runs only; those of a draft are no record of anything yet
            run.env.execute_query(
                SQL(
                    "DELETE FROM kmp_contribution_line WHERE run_id = %s AND state = 'draft' RETURNING id",
                    run.id,
                )
            )
        self.env["kmp.contribution.line"].invalidate_model()
        self.invalidate_recordset()

    def _check_prepared_is_current(self):
        """What the officer saw is what is billed: refuse when members, terms or payments have changed since."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                WITH candidate AS MATERIALIZED (
                    SELECT membership_id, term_id, period_from, period_to, amount FROM (%(candidates)s) c WHERE skip IS NULL
                ), line AS (
                    SELECT membership_id, term_id, period_from, period_to, amount FROM kmp_contribution_line WHERE run_id = %(run)s
                )
                SELECT membership_id FROM (
                    (SELECT * FROM candidate EXCEPT SELECT * FROM line) UNION ALL (SELECT * FROM line EXCEPT SELECT * FROM candidate)
                ) difference LIMIT 1
                """,
                candidates=self._get_candidates_query(),
                run=self.id,
            )
        )
        if rows:
            member = self.env["kmp.membership"].browse(rows[0][0])
            raise UserError(
                self.env._(
                    "%(run)s: the members, their terms or their payments have changed since it was prepared (%(member)s, perhaps "
                    "more). Prepare it again, look at it, then bill it.",
                    run=self.name,
                    member=member.display_name,
                )
            )

    def _get_candidates_query(self):
        """Every member, term and period that this run touches, with what is to pay or why it is skipped.

        The member's class is that of the first day of the period, or of the day of joining where that is later. What was billed is
        looked up by the ranges of the exclusion constraint, whose index serves whatever the server knows of the table. ``skip`` is
        empty, or the first of: billed (before, by another run), suspended, exempt, joining (nothing is due for the first period),
        paid (up to the maximum of the term; for what is paid once, its amount).
        """
        self.ensure_one()
        charges = self._get_terms()._list_charges(self.date_from, self.date_to)
        for model in (
            "kmp.membership",
            "kmp.membership.period",
            "kmp.share.term",
            "kmp.contribution.exemption",
        ):
            self.env[model].flush_model()
        self.env["kmp.share.type"].flush_model()
        self.env["kmp.contribution.line"].flush_model()
        return SQL(
            """
            WITH span AS (
                SELECT * FROM unnest(%(terms)s::int[], %(froms)s::date[], %(tos)s::date[], %(joined_froms)s::date[],
                                     %(joined_tos)s::date[]) AS s(term_id, period_from, period_to, joined_from, joined_to)
            ), charge AS (
                SELECT m.id AS membership_id, m.partner_id, m.number, m.state, p.class_id, s.term_id, s.period_from, s.period_to,
                       r.share_type_id, t.sequence, r.frequency, r.proration, r.bills_suspended, r.due_days, r.amount AS full_amount,
                       CASE WHEN r.maximum > 0 THEN LEAST(r.maximum, CASE WHEN r.frequency = 'once' THEN r.amount END)
                            WHEN r.frequency = 'once' THEN r.amount END AS ceiling,
                       GREATEST(s.period_from, m.date_start) AS first_day, r.rounding
                  FROM span s
                  JOIN kmp_share_term r ON r.id = s.term_id
                  JOIN kmp_share_type t ON t.id = r.share_type_id
                  JOIN kmp_membership m ON m.company_id = r.company_id AND m.state IN ('active', 'suspended')
                   AND (m.date_start IS NULL OR m.date_start <= LEAST(s.period_to, %(date_to)s))
                   AND COALESCE(m.date_start, s.joined_from) BETWEEN s.joined_from AND s.joined_to
                  JOIN kmp_membership_period p ON p.membership_id = m.id AND p.class_id = r.class_id
                   AND GREATEST(s.period_from, m.date_start) BETWEEN p.date_from AND COALESCE(p.date_to, 'infinity')
            ), priced AS (
                SELECT c.*, ROUND(CASE
                           WHEN c.proration = 'days' AND c.first_day > c.period_from AND c.frequency <> 'once'
                           THEN ROUND(c.full_amount * (c.period_to - c.first_day + 1)
                                      / ((c.period_to - c.period_from + 1) * c.rounding::numeric)) * c.rounding::numeric
                           ELSE c.full_amount END, %(decimals)s) AS price,
                       CASE WHEN EXISTS (
                                SELECT 1 FROM kmp_contribution_line l
                                 WHERE int4range(l.membership_id, l.membership_id, '[]')
                                       && int4range(c.membership_id, c.membership_id, '[]')
                                   AND int4range(l.share_type_id, l.share_type_id, '[]')
                                       && int4range(c.share_type_id, c.share_type_id, '[]')
                                   AND daterange(l.period_from, l.period_to, '[]') && daterange(c.period_from, c.period_to, '[]')
                                   AND l.state <> 'cancelled' AND l.run_id <> %(run)s) THEN 'billed'
                            WHEN c.state = 'suspended' AND c.bills_suspended IS NOT TRUE THEN 'suspended'
                            WHEN EXISTS (
                                SELECT 1 FROM kmp_contribution_exemption e
                                 WHERE e.membership_id = c.membership_id
                                   AND (e.share_type_id IS NULL OR e.share_type_id = c.share_type_id)
                                   AND e.date_from <= c.first_day AND (e.date_to IS NULL OR e.date_to >= c.first_day)) THEN 'exempt'
                            WHEN c.proration = 'none' AND c.first_day > c.period_from AND c.frequency <> 'once' THEN 'joining'
                       END AS skip
                  FROM charge c
            ), held AS (
                SELECT partner_id, share_type_id, SUM(balance) AS balance FROM (
                    SELECT partner_id, share_type_id, balance FROM (%(holdings)s) holding
                     UNION ALL
                    SELECT m.partner_id, o.share_type_id, o.amount_open
                      FROM (%(open_dues)s) o JOIN kmp_membership m ON m.id = o.membership_id
                ) money GROUP BY partner_id, share_type_id
            ), clipped AS (
                SELECT priced.*, CASE WHEN ceiling IS NULL THEN price ELSE LEAST(price, ceiling - COALESCE(held.balance, 0)
                           - COALESCE(SUM(price) FILTER (WHERE skip IS NULL) OVER (
                                PARTITION BY priced.membership_id, priced.share_type_id ORDER BY period_from
                                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) END AS amount
                  FROM priced
             LEFT JOIN held ON priced.ceiling IS NOT NULL AND held.partner_id = priced.partner_id
                   AND held.share_type_id = priced.share_type_id
            )
            SELECT membership_id, number, share_type_id, sequence, class_id, term_id, period_from, period_to,
                   %(date)s + due_days AS date_due, amount, COALESCE(skip, CASE WHEN amount <= 0 THEN 'paid' END) AS skip
              FROM clipped
            """,
            terms=[charge.term_id for charge in charges],
            froms=[charge.period.date_from for charge in charges],
            tos=[charge.period.date_to for charge in charges],
            joined_froms=[charge.joined_from for charge in charges],
            joined_tos=[charge.joined_to for charge in charges],
            date=self.date,
            date_to=self.date_to,
            run=self.id,
            decimals=self.currency_id.decimal_places,
            holdings=self._get_ceiling_types()._get_holdings_query(FOREVER),
            open_dues=self.env["kmp.contribution.line"]._get_open_query(self.company_id.ids),
        )

    def _get_terms(self):
        """All terms of the classes and share types of this run, those that have ended too: when one ends follows from the next."""
        domain = [("company_id", "=", self.company_id.id)]
        if self.share_type_ids:
            domain.append(("share_type_id", "in", self.share_type_ids.ids))
        if self.class_ids:
            domain.append(("class_id", "in", self.class_ids.ids))
        return self.env["kmp.share.term"].search(domain)

    def _get_ceiling_types(self):
        return self._get_terms().filtered(lambda term: term.maximum or term.frequency == "once").share_type_id
