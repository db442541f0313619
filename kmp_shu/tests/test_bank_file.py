import csv
import doctest
import io

from hypothesis import example, given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import bank_file

NAMES = st.text(max_size=40)


@tagged("post_install", "-at_install")
class TestBankFile(BaseCase):
    def test_examples_of_the_docstrings(self):
        self.assertEqual(doctest.testmod(bank_file).failed, 0)

    @given(NAMES)
    @example("=1+1")
    @example('\t@SUM(A1)\n";')
    @example(" =cmd|' /C calc'!A0")
    def test_a_name_stays_one_cell_of_text(self, name):
        layout = bank_file.Layout([bank_file.Column("name"), bank_file.Column("amount")], has_header=False)
        content = bank_file.render(layout, [[bank_file.clean(name), "5"]]).decode()
        [[cell, amount]] = csv.reader(io.StringIO(content, newline=""))
        self.assertEqual(amount, "5")
        self.assertFalse(cell[:1] and cell[0] in "=+-@\t\r")

    @given(NAMES)
    def test_a_fixed_row_keeps_its_width(self, name):
        columns = [bank_file.Column("name", 10), bank_file.Column("amount", 5, is_right=True, fill="0")]
        layout = bank_file.Layout(columns, delimiter="", has_header=False, line_end="\n", encoding="ascii")
        content = bank_file.render(layout, [[bank_file.clean(name), "5"]])
        self.assertEqual(content[-6:], b"00005\n")
        self.assertEqual(len(content), 16)
