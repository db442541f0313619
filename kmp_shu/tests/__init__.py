from . import test_kmp_import
from . import test_patronage_basis
from . import test_patronage_import
from . import test_shu_run
from . import test_shu_run_entry
from . import test_shu_scheme
from . import test_sql_allocation
