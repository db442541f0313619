"""Every string of the addons has an Indonesian translation, and the files are those of the code."""

import re
from pathlib import Path

import polib

from odoo.tests import tagged
from odoo.tests.common import TransactionCase
from odoo.tools.translate import TranslationModuleReader

ROOT = Path(__file__).parent.parent
ADDONS = sorted(path.parent.name for path in ROOT.glob("kmp_*/__manifest__.py"))
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z%]|\{\w*\}")
MARKUP = re.compile(r"</?\w+")


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """Run `bin/i18n`, then translate in `<addon>/i18n/id.po`."""

    def _get_sources(self, addon):
        """The strings of an addon as Odoo finds them in the code and in this database."""
        rows = TranslationModuleReader(self.env.cr, modules=[addon])
        return {source for _module, _kind, _name, _record, source, _value, _comments in rows if source}

    def _read(self, addon, name):
        path = ROOT / addon / "i18n" / name
        self.assertTrue(path.exists(), f"{addon} has no i18n/{name}")
        return [entry for entry in polib.pofile(str(path)) if not entry.obsolete]

    def test_every_string_is_translated(self):
        for addon in ADDONS:
            with self.subTest(addon):
                translated = {
                    entry.msgid
                    for entry in self._read(addon, "id.po")
                    if entry.msgstr and "fuzzy" not in entry.flags
                }
                self.assertEqual(sorted(self._get_sources(addon) - translated), [])

    def test_the_template_is_that_of_the_code(self):
        for addon in ADDONS:
            with self.subTest(addon):
                template = {entry.msgid for entry in self._read(addon, f"{addon}.pot")}
                self.assertEqual(sorted(template ^ self._get_sources(addon)), [])

    def test_a_translation_keeps_the_placeholders_and_the_markup(self):
        for addon in ADDONS:
            for entry in filter(lambda entry: entry.msgstr, self._read(addon, "id.po")):
                for pattern in (PLACEHOLDER, MARKUP):
                    with self.subTest(f"{addon}: {entry.msgid}"):
                        self.assertEqual(
                            sorted(pattern.findall(entry.msgstr)), sorted(pattern.findall(entry.msgid))
                        )

    def test_odoo_loads_the_translations(self):
        """What Odoo makes of the file, not only what stands in it."""
        self.env["res.lang"]._activate_lang("id_ID")
        modules = self.env["ir.module.module"].search([("name", "in", ADDONS)])
        modules._update_translations(["id_ID"])
        run = self.env["kmp.shu.run"].with_context(lang="id_ID")
        self.assertEqual(run._fields["surplus"]._description_string(run.env), "Sisa Hasil Usaha")
        self.assertEqual(dict(run._fields["state"]._description_selection(run.env))["posted"], "Dibukukan")

    def test_choices_that_are_computed_are_translated(self):
        """Labels that a function returns are not translated by Odoo itself."""
        for model in map(self.env.get, filter(lambda name: name.startswith("kmp."), self.env.registry)):
            for name, field in model._fields.items():
                if callable(getattr(field, "selection", None)) and field.related is None:
                    with self.subTest(f"{model._name}.{name}"):
                        english, indonesian = (
                            field._description_selection(model.with_context(lang=lang).env)
                            for lang in ("en_US", "id_ID")
                        )
                        self.assertNotEqual(english, indonesian)
