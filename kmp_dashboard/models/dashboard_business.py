from decimal import Decimal

from odoo import models

from .dashboard import FORM, LIST, PIVOT

TENTH = Decimal("0.1")  # of a percent


class KmpDashboard(models.AbstractModel):
    """What the co-operative sells, to whom, and what each class gets of the surplus."""

    _inherit = "kmp.dashboard"

    def _get_turnover_card(self, company):
        years = self._get_years(company)
        figures = self.env["kmp.coop.figures"]
        parts = figures._get_parts(company, years)
        actions = self._get_year_actions(company, years, figures._get_runs(company, years))
        members = [part["member"].turnover if "member" in part else 0 for part in parts]
        others = [part["total"].turnover - member for part, member in zip(parts, members, strict=True)]
        is_known = any("member" in part for part in parts)
        series = [
            (self.env._("Members"), members, actions),
            (self.env._("Non-members") if is_known else self.env._("Turnover"), others, actions),
        ]
        labels = [self._get_year_label(company, year) for year in years]
        return {
            "title": self.env._("Turnover with members and others"),
            "headline": self._get_turnover_headline(labels, members, others, is_known),
            "chart": self._prepare_chart(labels, series, "monetary") if any(members + others) else None,
            "empty": {
                "text": self.env._("No income is posted yet."),
                "button": self.env._("Patronage Bases"),
                "action": "kmp_shu.patronage_basis_action",
            },
            "action": None,
        }

    def _get_turnover_headline(self, labels, members, others, is_known):
        """About the last year in which anything was sold: early in a year nothing may be."""
        sold = [(year, *parts) for year, *parts in zip(labels, members, others, strict=True) if sum(parts)]
        year, member, other = sold[-1] if sold else (labels[-1], Decimal(), Decimal())
        if not is_known:
            note = self.env._("in %s; no patronage basis says what of it is members' income", year)
            return {"value": str(other), "type": "monetary", "note": note}
        share = (100 * member / (member + other)).quantize(TENTH) if sold else Decimal()
        note = self.env._("of the turnover of %s is with members", year)
        return {"value": str(share), "type": "percentage", "note": note}

    def _get_year_actions(self, company, years, runs):
        """For each year the way to its distribution, else to the journal items, for whoever may see them."""
        ends = {year.date_to: run_id for year, (run_id, _is_posted, _shares) in runs.items()}
        return [
            self._prepare_run_action(ends[year.date_to])
            if year.date_to in ends
            else self._prepare_items_action(company, year)
            for year in years
        ]

    def _prepare_run_action(self, run_id):
        name = self.env._("Distribution")
        action = self._prepare_action(name, "kmp.shu.run", [("id", "=", run_id)], (FORM,))
        return action | {"res_id": run_id}

    def _prepare_items_action(self, company, year):
        if not self.env["account.move.line"].has_access("read"):
            return None
        domain = [
            ("company_id", "=", company.id),
            ("parent_state", "=", "posted"),
            ("date", ">=", str(year.date_from)),
            ("date", "<=", str(year.date_to)),
            ("account_id.account_type", "=", "income"),
        ]
        name = self.env._("Turnover")
        return self._prepare_action(
            name, "account.move.line", domain, (LIST, PIVOT, FORM), search_default_group_by_account=1
        )

    def _get_surplus_card(self, company):
        years = self._get_years(company)
        runs = self.env["kmp.coop.figures"]._get_runs(company, years)
        classes = self.env["kmp.stakeholder.class"]
        class_ids = dict.fromkeys(class_id for _run, _posted, shares in runs.values() for class_id in shares)
        series = [
            (
                classes.browse(class_id).name or self.env._("Without a class"),
                [shares.get(class_id, 0) for _run, _posted, shares in runs.values()],
                [self._prepare_shares_action(run_id, class_id) for run_id, _posted, _shares in runs.values()],
            )
            for class_id in class_ids
        ]
        labels = [self._get_year_label(company, year) for year in runs]
        return {
            "title": self.env._("Surplus (SHU), by class"),
            "headline": self._get_surplus_headline(runs),
            "chart": self._prepare_chart(labels, series, "monetary") if runs else None,
            "empty": {
                "text": self.env._(
                    "No surplus is divided yet. Compute the distribution of a year that has ended."
                ),
                "button": self.env._("Distributions"),
                "action": "kmp_shu.shu_run_action",
            },
            "action": "kmp_shu.shu_run_action",
        }

    def _get_surplus_headline(self, runs):
        if not runs:
            return None
        run_id, is_posted, shares = list(runs.values())[-1]
        name = self.env["kmp.shu.run"].browse(run_id).name
        note = (
            self.env._("to members by %s", name)
            if is_posted
            else self.env._("to members by %s, not posted yet", name)
        )
        return {"value": str(sum(shares.values())), "type": "monetary", "note": note}

    def _prepare_shares_action(self, run_id, class_id):
        name = self.env["kmp.shu.run"].browse(run_id).name
        domain = [("run_id", "=", run_id), ("class_id", "=", class_id or False)]
        return self._prepare_action(name, "kmp.shu.share", domain)
