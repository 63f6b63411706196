"""A table as a Parquet file. Needs pyarrow, which is optional: only `export` imports this module, and when it is asked to."""

from itertools import islice

import pyarrow
from pyarrow import parquet

from indexer.answers.table import Table

ROWS_AT_ONCE = 20_000  # of a row group, which is all that is held in memory

# The tables of an index are STRICT: a column holds what it declares.
_TYPES = {
    "INTEGER": pyarrow.int64(),
    "REAL": pyarrow.float64(),
    "TEXT": pyarrow.string(),
    "BLOB": pyarrow.binary(),
}


def write(table: Table, path: str) -> None:
    """Raises OSError."""
    schema = pyarrow.schema([(name, _TYPES[declared]) for name, declared in table.columns])
    rows = iter(table.rows)
    with parquet.ParquetWriter(path, schema) as file:
        while piece := list(islice(rows, ROWS_AT_ONCE)):
            columns = [list(column) for column in zip(*piece, strict=True)]
            file.write_table(pyarrow.table(columns, schema=schema))
