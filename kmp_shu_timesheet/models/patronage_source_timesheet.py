from odoo import api, models
from odoo.tools import SQL


class KmpPatronageSourceTimesheet(models.AbstractModel):
    """Hours that members worked: timesheet lines of employees who are members by their work contact, or
    without one by the contact of their user.

    A line below zero takes hours back. What the hours were paid with is a bill or a journal item, and left
    to those sources.
    """

    _name = "kmp.patronage.source.timesheet"
    _inherit = "kmp.patronage.source"
    _description = "Timesheets"

    _document_model = "account.analytic.line"
    _document_name = "name"
    _measures = ("hours",)

    @api.model
    def _get_select(self, basis, date_from, date_to):
        return SQL(
            """
            SELECT line.date,
                   COALESCE(employee.work_contact_id, worker.partner_id) AS partner_id,
                   NULL::integer AS product_id,
                   0::numeric AS value,
                   0::numeric AS quantity,
                   0::numeric AS cost,
                   ROUND(line.unit_amount::numeric * COALESCE(unit.factor / hour.factor, 1), 6) AS hours,
                   line.id AS document_id
              FROM account_analytic_line line
              JOIN hr_employee employee ON employee.id = line.employee_id
         LEFT JOIN res_users worker ON worker.id = employee.user_id
         LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
              JOIN uom_uom hour ON hour.id = %(hour)s
             WHERE line.company_id = %(company)s
               AND line.project_id IS NOT NULL
               AND line.date BETWEEN %(date_from)s AND %(date_to)s
            """,
            hour=self.env.ref("uom.product_uom_hour").id,
            company=basis.company_id.id,
            date_from=date_from,
            date_to=date_to,
        )
