"""The rules of ``kmp_audit/engine`` as set-based SQL, file by file under the same names."""
