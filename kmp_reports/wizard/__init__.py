from . import statutory_wizard
