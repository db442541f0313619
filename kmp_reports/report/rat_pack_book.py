import base64

from odoo import api, fields, models
from odoo.tools.image import image_data_uri

from odoo.addons.kmp_membership.report import indonesian

from .book import bind, count_pages, place_parts

PORTRAIT, LANDSCAPE = "kmp_reports.statutory", "kmp_reports.statutory_landscape"


class RatPackBook(models.AbstractModel):
    """The annual report as one PDF: each part is printed by itself, so that the contents know where it begins."""

    _name = "kmp.rat.pack.book"
    _description = "Annual Report, Book"

    @api.model
    def _print_part(self, part):
        """The PDF of a part, without page numbers."""
        if part.key == "shu":
            html = self._render_distribution(part.pack_id._get_run())
            return self._print(html, "kmp_reports.shu_distribution")
        document = part._get_document()
        values = self.env["report.kmp_reports.statutory"]._get_values([document])
        html = self.env["ir.qweb"]._render("kmp_reports.statutory", values | {"doc_ids": []})
        return self._print(html, LANDSCAPE if document.is_landscape else PORTRAIT)

    def _render_distribution(self, run):
        values = self.env["report.kmp_reports.shu_distribution"]._get_report_values(run.ids)
        return self.env["ir.qweb"]._render("kmp_reports.shu_distribution", values)

    def _print(self, html, report_name):
        report = self.env["ir.actions.report"]._get_report(report_name)
        return report._run_wkhtmltopdf(
            [html],
            report_ref=report_name,
            landscape=report.paperformat_id.orientation == "Landscape",
        )

    @api.model
    def _bind(self, pack):
        """The bytes of the book, from the parts that are printed."""
        parts = [
            (part.name, base64.b64decode(part.with_context(bin_size=False).file))
            for part in pack._get_printed_parts()
        ]
        cover = self._print_page("kmp_reports.rat_pack_cover", pack, {"date": indonesian.date})
        first = 2 + count_pages(self._print_contents(pack, parts, 0))
        return bind(
            [cover, self._print_contents(pack, parts, first)], parts, f"{pack.company_id.name}  {pack.name}"
        )

    def _print_contents(self, pack, parts, first):
        places = place_parts([count_pages(content) for _name, content in parts], first)
        left_out = pack.part_ids - pack._get_printed_parts()
        return self._print_page(
            "kmp_reports.rat_pack_contents",
            pack,
            {
                "entries": [(name, place) for (name, _content), place in zip(parts, places, strict=True)],
                "left_out": [f"{part.name}. {part.remark or ''}" for part in left_out],
                "built_on": indonesian.date(fields.Date.context_today(self)),
            },
        )

    def _print_page(self, template, pack, values):
        company = pack.company_id
        logo = image_data_uri(company.logo) if company.logo and not company.uses_default_logo else None
        values |= {
            "pack": pack,
            "company": company,
            "logo": logo,
            "address": ", ".join(filter(None, (company.street, company.city))),
        }
        return self._print(self.env["ir.qweb"]._render(template, values), PORTRAIT)
