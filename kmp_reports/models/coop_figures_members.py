from odoo import api, models
from odoo.tools import SQL

from .coop_figures import ClassMembers


class CoopFigures(models.AbstractModel):
    """Members at the end of a year, by class and sex: as the register of members of that day lists them.

    Associates are in the register and no members for any count (UU 25/1992 art. 18); the suspended are members.
    """

    _inherit = "kmp.coop.figures"

    @api.model
    def _get_members(self, company, years):
        """A list of `ClassMembers` for each year. Query budget: one."""
        self._check_readable(company, "kmp.membership")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT movement.class_id, sex, %(place)s, SUM(change)
                  FROM (%(movements)s) movement
                  JOIN kmp_stakeholder_class class ON class.id = movement.class_id
                 WHERE date <= %(last)s
                 GROUP BY movement.class_id, class.sequence, class.code, sex, 3
                 ORDER BY class.sequence, class.code COLLATE "C"
                """,
                place=self._get_year_place(SQL("date"), years),
                movements=self._get_member_movement_query(company),
                last=years[-1].date_to,
            )
        )
        balances = self._sum_up([((row[0], row[1]), *row[2:]) for row in rows], years)
        class_ids = list(dict.fromkeys(row[0] for row in rows))
        return [self._prepare_class_members(class_ids, counts) for counts in balances]

    def _prepare_class_members(self, class_ids, counts):
        by_class = {}
        for (class_id, sex), count in counts.items():
            by_class.setdefault(class_id, {})[sex] = count
        return [
            ClassMembers(class_id, **by_class[class_id]) for class_id in class_ids if class_id in by_class
        ]

    def _get_member_movement_query(self, company) -> SQL:
        """Comings and goings, `class_id`, `sex`, `date`, `change`. Who leaves on a day is no member at its end; who changes class
        then is one of the old class, because the new one begins on the day after."""
        return SQL(
            """
            SELECT period.class_id, movement.date, movement.change,
                   CASE WHEN member.member_kind = 'person' THEN COALESCE(member.sex, 'unknown')
                        ELSE 'entity' END AS sex
              FROM (SELECT membership_id, class_id, date_from, date_to,
                           LEAD(date_from) OVER (PARTITION BY membership_id ORDER BY date_from) AS next_from
                      FROM kmp_membership_period WHERE company_id = %(company)s) period
              JOIN kmp_membership member ON member.id = period.membership_id
        CROSS JOIN LATERAL (VALUES
                   (period.date_from, 1),
                   (period.date_to + (period.next_from = period.date_to + 1 IS TRUE)::int, -1)
                   ) movement (date, change)
             WHERE member.is_associate IS NOT TRUE AND movement.date IS NOT NULL
            """,
            company=company.id,
        )
