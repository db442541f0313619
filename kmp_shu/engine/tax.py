"""What is withheld from the members' shares: whole rounding units, cut off, never rounded up."""

from .scheme import units_of


def withheld(scheme, parts):
    """Units by member number, for those from whom anything is withheld; see ``scheme.Tax``.

    ``parts`` holds the units by member number of each node ``(line code, class code)``.
    """
    bases = _bases(scheme, parts)
    exempt, _rest = units_of(scheme.tax.exempt, scheme.unit)
    numerator, denominator = scheme.tax.percent.as_integer_ratio()
    taxes = {
        number: base * numerator // (100 * denominator) for number, base in bases.items() if base > exempt
    }
    return {number: units for number, units in sorted(taxes.items()) if units}


def _bases(scheme, parts):
    taxed = {line.code for line in scheme.pools if scheme.tax.counts(line.kind)}
    bases = {}
    for (line, _class_code), shares in parts.items():
        if line in taxed:
            for number, units in shares.items():
                bases[number] = bases.get(number, 0) + units
    return bases
