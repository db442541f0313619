"""Who may do what: each cell of ``tests/personas/rights.txt`` tried, and nothing of the addons left out of it."""

from personas import document, table
from personas.trial import TrialCase

from odoo.tests import BaseCase, HttpCase, tagged


class RightsCase(TrialCase):
    def _check(self, section, attempt):
        """Compare each line of a section with what happens; a failure shows the line as it would have to be."""
        rows = table.read()[section]
        width = max(map(len, rows))
        for thing, cells in rows.items():
            with self.subTest(thing):
                self.assertEqual(list(cells), list(table.PERSONAS))
                tried = {persona: attempt(thing, persona) for persona in cells}
                self.assertEqual(table.write_row(thing, cells, width), table.write_row(thing, tried, width))

    def _check_complete(self, section, found, attempt):
        """Nothing is left out; a failure shows the lines that are missing, with what happens now."""
        rows = table.read()[section]
        width = max(map(len, rows))
        missing = [self._draft_row(thing, attempt, width) for thing in sorted(set(found) - rows.keys())]
        self.assertEqual(missing, [], "judge every cell, then put the lines into rights.txt")
        self.assertEqual(sorted(rows.keys() - set(found)), [], "not there any more")

    def _draft_row(self, thing, attempt, width):
        try:
            return table.write_row(
                thing, {persona: attempt(thing, persona) for persona in table.PERSONAS}, width
            )
        except LookupError:
            return f"{thing}: let personas/cooperative.py make one"


@tagged("post_install", "-at_install")
class TestPersonas(RightsCase):
    def test_every_model_stands_in_the_table(self):
        self._check_complete("models", self._get_models(), self._try_model)

    def test_every_guarded_field_stands_in_the_table(self):
        self._check_complete("fields", self._get_guarded_fields(), self._try_field)

    def test_every_public_method_stands_in_the_table(self):
        self._check_complete("methods", self._get_methods(), self._try_method)

    def test_every_report_stands_in_the_table(self):
        self._check_complete("reports", self._get_reports(), self._try_report)

    def test_models(self):
        self._check("models", self._try_model)

    def test_fields(self):
        self._check("fields", self._try_field)

    def test_methods(self):
        self._check("methods", self._try_method)

    def test_reports(self):
        self._check("reports", self._try_report)


@tagged("post_install", "-at_install")
class TestPersonasByAddress(RightsCase, HttpCase):
    def _try_routes_of(self, persona, addresses):
        login = self.users[persona].login if persona != "public" else None
        self.authenticate(login, login)
        return {address: self._try_route(address, persona) for address in addresses}

    def test_routes(self):
        rows = table.read()["routes"]
        tried = {persona: self._try_routes_of(persona, rows) for persona in table.PERSONAS}
        self._check("routes", lambda address, persona: tried[persona][address])

    def test_every_address_of_ours_stands_in_the_table(self):
        ours, routing_map = self._get_routes()
        find = routing_map.bind("").match
        addresses = [self._split_address(address) for address in table.read()["routes"]]
        tried = {find(self._get_url(url).partition("?")[0], method=method)[0] for method, url in addresses}
        self.assertEqual([rule.rule for rule in ours if rule.endpoint not in tried], [])


@tagged("post_install", "-at_install")
class TestSecurityDocument(BaseCase):
    def test_the_document_is_that_of_the_table(self):
        self.assertEqual(
            document.PATH.read_text(), document.write(table.read()), "run: python -m tests.personas"
        )
