from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.kmp_shu.engine.surplus import Part


class Year(NamedTuple):
    """A fiscal year, both days included."""

    date_from: date
    date_to: date


class ClassMembers(NamedTuple):
    """How many members a class has at the end of a day. `unknown` are persons whose sex is not recorded, `entity`
    co-operatives and companies."""

    class_id: int
    male: int = 0
    female: int = 0
    unknown: int = 0
    entity: int = 0

    @property
    def total(self):
        return self.male + self.female + self.unknown + self.entity


class Balance(NamedTuple):
    """What the co-operative has and whose it is, in company currency; assets = own + participation + borrowed."""

    assets: Decimal = Decimal()
    own: Decimal = Decimal()
    participation: Decimal = Decimal()
    borrowed: Decimal = Decimal()


@dataclass(frozen=True)
class YearFigures:
    """The figures of a co-operative for a year; amounts are exact, in company currency.

    - `members`: a `ClassMembers` for each class that has or had any, in the order of the classes, at the year's end;
    - `capital`: {share type id: paid in at the year's end};
    - `parts`: the surplus of the year and its parts, see `res.company._get_surplus_parts`;
    - `run_id`, `is_final`: the distribution of the year, and whether it is posted; None where there is none;
    - `surplus_by_class`: {class id or None: the members' shares of that distribution};
    - `balance`: a `Balance` at the year's end;
    - `arrears`: dues that were due and not paid at the year's end.
    """

    year: Year
    members: list[ClassMembers]
    capital: dict[int, Decimal]
    parts: dict[str, Part]
    balance: Balance
    arrears: Decimal
    run_id: int | None = None
    is_final: bool = False
    surplus_by_class: dict[int | None, Decimal] = field(default_factory=dict)

    @property
    def member_count(self):
        return sum(row.total for row in self.members)

    @property
    def turnover(self):
        return self.parts["total"].turnover

    @property
    def member_turnover(self):
        """None where no patronage basis says what members' income is."""
        return self.parts["member"].turnover if "member" in self.parts else None

    @property
    def surplus(self):
        """After income tax."""
        return self.parts["total"].amount


class CoopFigures(models.AbstractModel):
    """The figures of a co-operative per fiscal year, from the register and the posted ledger: what the annual report, the
    dashboard and the registry's sheet are made of. Each figure has one place here.

    Who was a member at the end of a day stands in `coop_figures_members.py`, capital, balance and arrears in
    `coop_figures_ledger.py`, surplus and its division in `coop_figures_surplus.py`. Each of these can be asked alone.

    Query budget of `_get_figures`: five, and per year what `res.company._get_surplus_parts` takes.
    """

    _name = "kmp.coop.figures"
    _description = "Figures of a Co-operative"

    @api.model
    def _get_years(self, company, day, count):
        """The `count` fiscal years of the company up to the one that `day` is in, a list of `Year`, oldest first."""
        years = []
        while len(years) < count:
            dates = company.compute_fiscalyear_dates(day)
            years.insert(0, Year(dates["date_from"], dates["date_to"]))
            day = dates["date_from"] - timedelta(days=1)
        return years

    @api.model
    def _get_figures(self, company, years):
        """The figures of these years, a list of `YearFigures`.

        :param years: of `Year`, consecutive, oldest first
        :raise AccessError: the user may not read distributions, or not in that company
        """
        runs = self._get_runs(company, years)
        columns = zip(
            years,
            self._get_members(company, years),
            self._get_capital(company, years),
            self._get_parts(company, years),
            self._get_balances(company, years),
            self._get_arrears(company, years),
            strict=True,
        )
        return [YearFigures(*row, *runs.get(row[0], ())) for row in columns]

    @api.model
    def _check_readable(self, company, model):
        """Sums over all members tell nothing of one: who may read the records of `model` may know them, though neither
        single journal items nor the sex of a member.

        :raise AccessError: the user may not, or not in that company
        """
        self.env[model].check_access("read")
        if company not in self.env.companies:
            raise AccessError(
                self.env._(
                    "You may not see the figures of %s. Switch to that company first.", company.sudo().name
                )
            )
        self.env.flush_all()

    @api.model
    def _get_year_place(self, day: SQL, years) -> SQL:
        """The place in `years` of the first year at whose end `day` lies in the past; behind the last, their number."""
        return SQL("width_bucket(%s, %s::date[])", day, [year.date_to + timedelta(days=1) for year in years])

    @api.model
    def _sum_up(self, rows, years):
        """Movements to balances: [(key, place of the year, amount)] to a {key: balance} at the end of each year.

        A key is missing where nothing moved yet.
        """
        balances, current = [], {}
        for place in range(len(years)):
            for key, at, amount in rows:
                if at == place:
                    current[key] = current.get(key, 0) + amount
            balances.append(dict(current))
        return balances
