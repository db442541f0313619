from odoo import models

from .dashboard import FORM, LIST, PIVOT

AGES = ("30", "60", "90", "older")


class KmpDashboard(models.AbstractModel):
    """Members, what they paid in and what they owe."""

    _inherit = "kmp.dashboard"

    def _get_members_card(self, company):
        years = self._get_years(company)
        members = self.env["kmp.coop.figures"]._get_members(company, years)
        counts = [{row.class_id: row.total for row in rows} for rows in members]
        totals = [sum(count.values()) for count in counts]
        classes = self.env["kmp.stakeholder.class"].with_context(active_test=False)
        series = [
            (
                stakeholder_class.name,
                [count.get(stakeholder_class.id, 0) for count in counts],
                [self._prepare_members_action(stakeholder_class, year) for year in years],
            )
            for stakeholder_class in classes.search([("company_id", "=", company.id)])
        ]
        labels = [self._get_year_label(company, year) for year in years]
        return {
            "title": self.env._("Members by class"),
            "headline": {"value": str(totals[-1]), "type": "integer", "note": self._get_growth(totals)},
            "chart": self._prepare_chart(labels, series, "integer") if any(totals) else None,
            "empty": {
                "text": self.env._("No member yet. Register the members one by one, or import the register."),
                "button": self.env._("Members"),
                "action": "kmp_membership.membership_action",
            },
            "action": "kmp_membership.membership_movement_action",
        }

    def _get_growth(self, totals):
        return self.env._("%+d since the end of last year", totals[-1] - totals[-2])

    def _prepare_members_action(self, stakeholder_class, year):
        """Who is of the class at the end of the day, as `kmp.coop.figures` counts them."""
        day = str(year.date_to)
        period = [
            ("class_id", "=", stakeholder_class.id),
            ("date_from", "<=", day),
            "|",
            ("date_to", "=", False),
            ("date_to", ">=", day),
        ]
        domain = [("is_associate", "=", False), ("date_end", "!=", day), ("period_ids", "any", period)]
        return self._prepare_action(
            stakeholder_class.name, "kmp.membership", domain, default_company_id=self.env.company.id
        )

    def _get_capital_card(self, company):
        years = self._get_years(company)
        capital = self.env["kmp.coop.figures"]._get_capital(company, years)
        share_types = self.env["kmp.share.type"].with_context(active_test=False)
        share_types = share_types.search([("company_id", "=", company.id)])
        series = [
            (
                share_type.name,
                [balances.get(share_type.id, 0) for balances in capital],
                [self._prepare_capital_action(share_type, year) for year in years],
            )
            for share_type in share_types
        ]
        labels = [self._get_year_label(company, year) for year in years]
        return {
            "title": self.env._("Paid in, by share type"),
            "headline": {
                "value": str(sum(capital[-1].values())),
                "type": "monetary",
                "note": self.env._("shares and savings of members"),
            },
            "chart": self._prepare_chart(labels, series, "monetary") if any(capital) else None,
            "empty": {
                "text": self.env._(
                    "Nothing is paid in yet. What the accounts of the share types hold appears here by itself."
                ),
                "button": self.env._("Deposits"),
                "action": "kmp_membership.share_operation_action",
            },
            "action": "kmp_membership.share_ledger_action",
        }

    def _prepare_capital_action(self, share_type, year):
        domain = [("share_type_id", "=", share_type.id), ("date", "<=", str(year.date_to))]
        return self._prepare_action(share_type.name, "kmp.share.ledger", domain, (LIST, PIVOT))

    def _get_arrears_card(self, company):
        names = [f"amount_{age}" for age in AGES]
        arrears = self.env["kmp.contribution.arrears"]
        domain = [("company_id", "=", company.id), ("amount_due", ">", 0)]
        [[count, due, *amounts]] = arrears._read_group(
            domain, [], ["__count", "amount_due:sum", *(f"{name}:sum" for name in names)]
        )
        amounts = [amount or 0 for amount in amounts]
        labels = [arrears._fields[name]._description_string(self.env) for name in names]
        actions = [
            self._prepare_action(
                label, "kmp.contribution.arrears", [*domain, (name, ">", 0)], (LIST, PIVOT, FORM)
            )
            for name, label in zip(names, labels, strict=True)
        ]
        title = self.env._("Dues in arrears, by age")
        return {
            "title": title,
            "headline": {
                "value": str(due or 0),
                "type": "monetary",
                "note": self.env._("owed by %s members", count),
            },
            "chart": self._prepare_chart(labels, [(title, amounts, actions)], "monetary") if count else None,
            "empty": {
                "text": self.env._("Nobody is in arrears."),
                "button": self.env._("Dues"),
                "action": "kmp_membership.contribution_run_action",
            },
            "action": "kmp_membership.contribution_arrears_action",
        }
