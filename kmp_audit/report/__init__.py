from . import sample_xlsx, tie_out_xlsx
