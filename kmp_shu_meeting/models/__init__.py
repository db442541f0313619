from . import resolution_number, shu_run, shu_scheme, shu_loss
