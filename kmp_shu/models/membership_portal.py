from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import proof
from .shu_run_proof import PROVABLE_STATES


class KmpMembership(models.Model):
    """A member's own shares of the surplus, as named values; see `kmp.membership._get_own` for who may ask."""

    _inherit = "kmp.membership"

    def _get_published_shares(self):
        """The member's shares of the distributions that are approved, the latest first; as superuser.

        Query budget: one, by the index on the membership.
        """
        # sudo: the memberships are the user's own
        shares = self.env["kmp.shu.share"].sudo().search(self._get_published_shares_domain())
        return shares.sorted(lambda share: (share.run_id.date_to, share.run_id.id), reverse=True)

    def _get_published_shares_domain(self):
        return Domain("membership_id", "in", self.ids) & Domain("run_id.state", "in", PROVABLE_STATES)

    def _prepare_portal_shares(self):
        """[{url, name, year, amount, net, paid, open, state}] of the member's shares, the latest first."""
        self.ensure_one()
        return [share._prepare_portal_values() for share in self._get_published_shares()]


class KmpShuShare(models.Model):
    _inherit = "kmp.shu.share"

    def _prepare_portal_values(self):
        """What the list of a member's shares tells of one of them."""
        self.ensure_one()
        run, text = self.run_id, self.membership_id._format_amount
        states = dict(run._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "url": f"/my/membership/{self.membership_id.id}/surplus/{self.id}",
            "name": run.name,
            "date_from": run.date_from,
            "date_to": run.date_to,
            "state": run.state,
            "state_label": states[run.state],
            "is_correction": bool(run.corrects_id),
            "is_reversed": run.state == "reversed",
            "class_name": self.class_id.name or "",
            "capital": text(self.capital_amount),
            "patronage": text(self.patronage_amount),
            "amount": text(self.amount),
            "tax": text(self.tax_amount) if self.tax_amount else "",
            "net": text(self.net_amount),
            "previous": text(self.previous_amount) if run.corrects_id else "",
            "paid": text(self.paid_amount),
            "open": text(self.open_amount),
            "is_open": self.currency_id.compare_amounts(self.open_amount, 0) > 0 and run.state != "reversed",
        }

    def _prepare_portal_formula(self):
        """How the share comes about, pool by pool: [{name, class_name, kind, pool, weight, total, measure, amount}].

        The numbers are those of the proof, exact, as text in the reader's language. Query budget: one and the names.
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pool.id, pool.amount::text, pool.total_weight::text, line.weight::text, line.amount::text
                  FROM kmp_shu_share_line line JOIN kmp_shu_pool pool ON pool.id = line.pool_id
                 WHERE line.share_id = %s
                 ORDER BY pool.line_sequence, pool.sequence, pool.id
                """,
                self.id,
            )
        )
        return [
            self._prepare_portal_part(self.env["kmp.shu.pool"].browse(pool_id), *map(Decimal, numbers))
            for pool_id, *numbers in rows
        ]

    def _prepare_portal_part(self, pool, pool_amount, total_weight, weight, amount):
        text = self.membership_id._format_exact
        line = pool.scheme_line_id
        return {
            "name": line.name,
            "class_name": pool.class_id.name or "",
            "kind": pool.kind,
            "measure": line.basis_id.name or "",
            "basis_id": line.basis_id.id,
            "pool": text(pool_amount),
            "weight": text(weight),
            "total": text(total_weight),
            "amount": text(amount),
        }

    def _prepare_portal_payouts(self):
        """[{date, method, amount, tax}] of what the member has got of this share."""
        self.ensure_one()
        methods = dict(self.payout_line_ids.payout_id._fields["method"]._description_selection(self.env))
        return [
            {
                "date": line.payout_id.date,
                "method": methods[line.method],
                "amount": self.membership_id._format_amount(line.amount),
            }
            for line in self.payout_line_ids.filtered(lambda line: line.state == "paid")
        ]

    def _prepare_portal_check(self):
        """What the verifier says of the proof: root, checks as [(what, detail)] and the problem that ends them, if there is one; an empty
        root where none was published."""
        self.ensure_one()
        root = self.run_id.proof_root
        checks, problem = [], ""
        try:
            checks.extend(proof.verify(self._get_proof(), root) if root else ())
        except proof.ProofError as error:
            problem = str(error)
        return {"root": root or "", "checks": checks, "problem": problem}
