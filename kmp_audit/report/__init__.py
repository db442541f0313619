from . import audit_xlsx, sample_xlsx, tie_out_xlsx
