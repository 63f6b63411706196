"""The rows of a finished index into the same tables of a new file, in one transaction, and nothing else. Prints the seconds.

`python insert_rows.py INDEX NEW`. The rows are in memory before the time begins.
"""

import sqlite3
import sys
import time

source, target = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2], isolation_level=None)
made = source.execute(
    "SELECT sql, name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
    "AND name NOT LIKE '%\\_fts%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'"
).fetchall()
rows = {name: source.execute(f"SELECT * FROM {name}").fetchall() for _, name in made}
for statement, _ in made:
    target.execute(statement)
began = time.perf_counter()
target.execute("BEGIN")
for name, values in rows.items():
    if values:
        target.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(values[0]))})", values)
target.execute("COMMIT")
print(time.perf_counter() - began)
