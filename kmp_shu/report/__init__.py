from . import cash_list
