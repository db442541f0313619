"""Read a CSV or Parquet file of business into PostgreSQL, as text, at the speed of COPY."""

import codecs
import csv
import io

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

COLUMNS = ("member", "date", "value", "quantity", "hours", "cost", "product", "document")
REQUIRED = ("member", "date")
MEASURES = ("value", "quantity", "hours")
NUMBERS = (*MEASURES, "cost")
DELIMITERS = ",;\t"
HEADER_LIMIT = 10_000
PARQUET_MAGIC = b"PAR1"
PARQUET_BATCH = 100_000
STAGING = SQL.identifier("kmp_patronage_staging")


class KmpPatronageFile(models.AbstractModel):
    """Puts a file into a temporary table of texts, for an import to check and load."""

    _name = "kmp.patronage.file"
    _description = "Business file"

    def _stage_file(self, stream, file_name):
        """Copy a seekable binary `stream` into a temporary table: a text column per column of
        the file and `row`, its number in the file. Returns the names of the file's columns.

        Raises UserError when it is not such a file.
        """
        is_parquet = stream.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC
        stream.seek(0)
        stage = self._stage_parquet if is_parquet else self._stage_csv
        return stage(stream, file_name)

    def _stage_csv(self, stream, file_name):
        head = self._read_header(stream, file_name)
        delimiter = max(DELIMITERS, key=head.count)
        columns = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter))]
        self._check_columns(columns, file_name)
        self._create_staging(columns, first_row=2)
        try:
            self._copy_in(columns, stream, delimiter, header=True)
        except psycopg2.Error as error:
            raise UserError(
                self.env._(
                    "%(file)s cannot be read as a table: %(problem)s. Save it as CSV in UTF-8 with "
                    "the same columns in every row.",
                    file=file_name,
                    problem=(error.diag.context or error.diag.message_primary or "").strip(),
                )
            ) from error
        return columns

    def _read_header(self, stream, file_name):
        raw = stream.readline(HEADER_LIMIT)
        stream.seek(0)
        try:
            return raw.removeprefix(codecs.BOM_UTF8).decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise UserError(
                self.env._("%(file)s is not in UTF-8. Save it as CSV in UTF-8.", file=file_name)
            ) from error

    def _stage_parquet(self, stream, file_name):
        import pyarrow
        import pyarrow.csv
        import pyarrow.parquet

        try:
            table = pyarrow.parquet.ParquetFile(stream)
        except pyarrow.ArrowInvalid as error:
            raise UserError(
                self.env._(
                    "%(file)s is not a readable Parquet file: %(problem)s.",
                    file=file_name,
                    problem=error,
                )
            ) from error
        columns = [name.lower() for name in table.schema_arrow.names]
        self._check_columns(columns, file_name)
        self._create_staging(columns, first_row=1)
        for batch in table.iter_batches(PARQUET_BATCH):
            buffer = io.BytesIO()
            pyarrow.csv.write_csv(batch, buffer, pyarrow.csv.WriteOptions(include_header=False))
            buffer.seek(0)
            self._copy_in(columns, buffer, ",", header=False)
        return columns

    def _check_columns(self, columns, file_name):
        unknown = [name for name in columns if name not in COLUMNS]
        missing = [name for name in REQUIRED if name not in columns]
        problem = None
        if unknown:
            problem = self.env._("it has the unknown columns %s", ", ".join(unknown))
        elif missing:
            problem = self.env._("it lacks the columns %s", ", ".join(missing))
        elif not set(MEASURES) & set(columns):
            problem = self.env._("it lacks a measure: one of %s", ", ".join(MEASURES))
        elif len(set(columns)) < len(columns):
            problem = self.env._("a column stands twice")
        if problem:
            raise UserError(
                self.env._(
                    "%(file)s cannot be imported: %(problem)s. The columns are %(columns)s.",
                    file=file_name,
                    problem=problem,
                    columns=", ".join(COLUMNS),
                )
            )

    def _create_staging(self, columns, first_row):
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", STAGING))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %s (
                    row bigint GENERATED ALWAYS AS IDENTITY (START %s), %s) ON COMMIT DROP
                """,
                STAGING,
                first_row,
                SQL(", ").join(SQL("%s text", SQL.identifier(name)) for name in columns),
            )
        )

    def _copy_in(self, columns, stream, delimiter, header):
        copy = SQL(
            "COPY %s (%s) FROM STDIN WITH (FORMAT csv, ENCODING 'UTF8', DELIMITER %s, HEADER %s)",
            STAGING,
            SQL(", ").join(map(SQL.identifier, columns)),
            delimiter,
            header,
        )
        cr = self.env.cr
        with cr.savepoint(flush=False):
            cr.copy_expert(cr.mogrify(copy.code, copy.params).decode(), stream)
