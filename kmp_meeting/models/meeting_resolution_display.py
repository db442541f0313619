from fractions import Fraction

from odoo import api, models
from odoo.tools.misc import get_lang

from ..tally import percent_text, ratio_text, weight_steps


class MeetingResolution(models.Model):
    """The frozen tally for readers: both tiers side by side, with every step of the arithmetic. Nothing is computed anew here."""

    _inherit = "kmp.meeting.resolution"

    @api.depends("tally", "state")
    @api.depends_context("lang")
    def _compute_tally_html(self):
        for resolution in self:
            values = resolution._prepare_tally_values()
            resolution.tally_html = values and self.env["ir.qweb"]._render("kmp_meeting.tally", values)

    def _prepare_tally_values(self):
        """The values of the template; None before there is a tally. Widths of bars are percent, for a picture only."""
        self.ensure_one()
        if not self.tally or self.state != "closed":
            return None
        outcome = self.tally["outcome"]
        values = {
            "resolution": self,
            "kind": self.kind,
            "result": self.result,
            "result_label": dict(self._fields["result"]._description_selection(self.env))[self.result],
            "reason_label": dict(self._fields["reason"]._description_selection(self.env))[self.reason],
            "has_votes": "classes" in outcome,
        }
        if not values["has_votes"]:
            return values | {
                "consensus": self.tally["counts"],
                "candidates": self._prepare_candidates(outcome),
            }
        rule = self.tally["rule"]
        values |= {name: rule[name] for name in ("weight_source", "transfer", "denominator")}
        values["steps"] = self._prepare_steps()
        prepare = self._prepare_election if self.kind == "election" else self._prepare_motion
        return values | prepare(outcome)

    def _prepare_steps(self):
        """{class code: {step, bound}}: how its weight came about. ``step`` is empty where the weight is the one of the rules, unchanged."""
        show = self._percent if self.tally["rule"]["weight_source"] == "fixed" else ratio_text
        prepared = {}
        for code, step in weight_steps(self.tally).items():
            text = f"{show(step.raw)} × {ratio_text(step.factor)}"
            if step.whole:
                text = f"{show(step.raw)} / {show(step.whole)}" if step.whole != 1 else ""
            prepared[code] = {"step": "" if step.bound else text, "bound": step.bound}
        return prepared

    def _prepare_motion(self, outcome):
        names = self._get_class_names()
        counts = {count["code"]: count for count in self.tally["counts"]}
        rows = [self._prepare_class(names, counts[line["code"]], line) for line in outcome["classes"]]
        return {
            "rows": rows,
            "yes": self._percent(outcome["yes"]),
            "no": self._percent(outcome["no"]),
            "yes_ratio": ratio_text(Fraction(outcome["yes"])),
            "no_ratio": ratio_text(Fraction(outcome["no"])),
            "yes_width": _width(outcome["yes"]),
            "no_width": _width(outcome["no"]),
            "threshold": outcome["threshold"],
            "threshold_width": _width(outcome["threshold"].strip(">≥ ")),
            "yes_sum": _sum(rows, "yes_weight"),
            "no_sum": _sum(rows, "no_weight"),
            "vetoes": [row["name"] for row in rows if row["vetoes"]],
            "totals": {
                name: sum(count[name] for count in counts.values())
                for name in ("roll", "present", "yes", "no", "abstain")
            },
        }

    def _prepare_class(self, names, count, line):
        shares = ("yes_share", "no_share", "weight", "yes_weight", "no_weight")
        return {
            **count,
            "name": names.get(line["code"], line["code"]),
            "counted": line["counted"],
            "result": line["result"],
            "counts": line["counts"],
            "vetoes": line["vetoes"],
            "weight_ratio": line["weight"],
            "yes_ratio": line["yes_share"],
            "no_ratio": line["no_share"],
            **{name: self._percent(line[name]) for name in shares},
            **{f"{name}_width": _width(line[name]) for name in shares},
        }

    def _prepare_election(self, outcome):
        names = self._get_class_names()
        counts = {count["code"]: count for count in self.tally["counts"]}
        classes = [
            {
                "code": line["code"],
                "name": names.get(line["code"], line["code"]),
                "weight": self._percent(line["weight"]),
                "counted": line["counted"],
                "votes": counts[line["code"]]["votes"],
                "weights": {key: self._percent(weight) for key, weight in line["weights"].items()},
                "weight_ratio": line["weight"],
                "ballots": counts[line["code"]]["ballots"],
                "abstain": counts[line["code"]]["abstain"],
            }
            for line in outcome["classes"]
        ]
        return {
            "classes": classes,
            "candidates": self._prepare_candidates(outcome),
            "seats": self.tally["seats"],
        }

    def _prepare_candidates(self, outcome):
        """In the order of their scores."""
        scores = outcome.get("scores", {})
        by_number = {str(candidate.number): candidate for candidate in self.candidate_ids}
        return [
            {
                "number": key,
                "name": by_number[key].name,
                "class_name": by_number[key].class_id.name,
                "score": self._percent(scores[key]) if key in scores else "",
                "ratio": scores.get(key, ""),
                "width": _width(scores.get(key, "0")),
                "is_elected": key in outcome.get("elected", ()),
                "is_tied": key in outcome.get("tied", ()),
            }
            for key in outcome.get("ranking", by_number)
        ]

    def _percent(self, ratio):
        """A share as its reader writes it."""
        point = self.env["res.lang"].browse(get_lang(self.env).id).decimal_point
        return percent_text(Fraction(ratio)).replace(".", point)

    def _get_class_names(self):
        classes = self.env["kmp.stakeholder.class"].with_context(active_test=False)
        found = classes.search(
            [
                ("company_id", "=", self.company_id.id),
                ("code", "in", [count["code"] for count in self.tally["counts"]]),
            ]
        )
        return {each.code: each.name for each in found}


def _width(ratio):
    return round(float(Fraction(ratio)) * 100, 2)


def _sum(rows, name):
    """How the plenary adds up: ``20% + 20%``."""
    return " + ".join(row[name] for row in rows if row[name] != "0%") or "0%"
