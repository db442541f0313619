from . import test_shu_loss, test_shu_run, test_shu_scheme
