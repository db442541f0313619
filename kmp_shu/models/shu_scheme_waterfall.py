from odoo import api, models

from ..engine.scheme import PARTS, ROOT


class KmpShuScheme(models.Model):
    """The picture of a scheme: every line as the part of the surplus that it is before its limits."""

    _inherit = "kmp.shu.scheme"

    @api.depends(
        "line_ids.name",
        "line_ids.sequence",
        "line_ids.kind",
        "line_ids.percent",
        "line_ids.parent_id",
        "line_ids.surplus_part",
        "line_ids.bound_summary",
        "line_ids.split_ids.percent",
        "line_ids.split_ids.class_id",
    )
    def _compute_waterfall(self):
        return super()._compute_waterfall()

    def _get_waterfall_bars(self):
        lines = self.line_ids.sorted()
        top = lines.filtered(lambda line: not line.parent_id)
        parts = [part for part in (ROOT, *PARTS) if part in top.mapped("surplus_part")]
        bars = []
        for part in parts:
            bars.append(self._prepare_root_bar(part))
            bars += self._get_bars(
                lines, top.filtered(lambda line, part=part: line.surplus_part == part), 0, 100, 1
            )
        return bars

    def _prepare_root_bar(self, part):
        """A part fills the width, too: how large it is the year decides."""
        names = dict(self.env["kmp.shu.scheme.line"]._fields["surplus_part"]._description_selection(self.env))
        name = self.env._("Surplus") if part == ROOT else names[part]
        return {"name": name, "kind": "surplus", "level": 0, "start": 0, "width": 100, "label": "100%"}

    def _get_bars(self, lines, siblings, start, width, level):
        """The bars of `siblings` and of all below them, which span `width` percent from `start`."""
        bars = []
        for line in siblings:
            part = width * line.percent / 100
            bars.append(self._prepare_bar(line.name or line.code, line, start, part, level, line.percent))
            bars[-1]["note"] = line.bound_summary or ""
            children = lines.filtered(
                lambda child, line=line: line._origin and child.parent_id._origin == line._origin
            )
            bars += self._get_bars(lines, children, start, part, level + 1)
            bars += self._get_split_bars(line, start, part, level + 1)
            start += part
        return bars

    def _get_split_bars(self, line, start, width, level):
        bars = []
        for split in line._get_sorted_splits():
            part = width * split.percent / 100
            bars.append(
                self._prepare_bar(split.class_id.name, line, start, part, level, split.percent)
                | {"is_split": True}
            )
            start += part
        return bars

    def _prepare_bar(self, name, line, start, width, level, percent):
        return {
            "name": name or "",
            "kind": line.kind or "fund",
            "level": level,
            "start": start,
            "width": width,
            "label": f"{percent:g}%",
        }
