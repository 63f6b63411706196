"""Staged rows of one library and kind into the tables of the index, in SQL alone, inside the caller's transaction.

No row is ever replaced: upserts keep the row, so that nothing cascades. The rows of which an item has any number are
replaced as a whole, but only those of items whose details are staged.
"""

import sqlite3

from indexer.rows.tables import ITEMS, PART_TABLES, WATCH_STATES, Names, Table

Parameters = dict[str, str | int]

# The staged rows that belong to what is listed now, in one library and of one kind.
_STAGED = (
    "JOIN staging.listed ON listed.rating_key = row.{key} "
    "JOIN staging.detailed ON detailed.rating_key = listed.rating_key AND detailed.mark = listed.mark "
    "WHERE listed.section = :section AND listed.kind = :kind AND listed.verdict <> 0"
)
_LISTED = "(SELECT rating_key FROM staging.listed WHERE section = :section AND kind = :kind)"

# Whether any of the staged items is in the index already. On a first run none is, and there is nothing to clear.
_ANY_STORED = (
    "SELECT 1 FROM staging.items AS row JOIN main.items AS held ON held.ratingKey = row.ratingKey "
    + _STAGED.format(key="ratingKey")
    + " LIMIT 1"
)


def transfer(connection: sqlite3.Connection, library: Table, parameters: Parameters) -> None:
    stored = connection.execute(_ANY_STORED, parameters).fetchone() is not None
    connection.execute(_upsert(ITEMS, extra={"elementHash": "listed.mark"}), parameters)
    connection.execute(_upsert(library), parameters)
    for table in PART_TABLES:
        if stored:
            connection.execute(_clear(table), parameters)
        if table.names is None:
            connection.execute(_insert(table), parameters)
        else:
            connection.execute(_insert_names(table, table.names), parameters)
            connection.execute(_insert_named(table, table.names), parameters)


def transfer_watch_states(connection: sqlite3.Connection, parameters: Parameters) -> None:
    """Write how items were watched, of all that is listed, also where nothing else has changed."""
    name, columns = WATCH_STATES.name, WATCH_STATES.columns
    values = ", ".join(f"row.{column}" for column in columns)
    updates = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    changed = " OR ".join(f"{name}.{column} IS NOT excluded.{column}" for column in columns[1:])
    connection.execute(
        f"DELETE FROM main.{name} WHERE ratingKey IN {_LISTED} "
        f"AND ratingKey NOT IN (SELECT ratingKey FROM staging.{name})",
        parameters,
    )
    connection.execute(
        f"INSERT INTO main.{name} ({', '.join(columns)}) SELECT {values} FROM staging.{name} AS row "
        "JOIN staging.listed ON listed.rating_key = row.ratingKey JOIN main.items ON items.ratingKey = row.ratingKey "
        "WHERE listed.section = :section AND listed.kind = :kind "
        f"ON CONFLICT (ratingKey) DO UPDATE SET {updates} WHERE {changed}",
        parameters,
    )


def drop_unused_names(connection: sqlite3.Connection) -> None:
    """Delete people and tags that no item has any more."""
    for table in PART_TABLES:
        if table.names is not None:
            connection.execute(
                f"DELETE FROM main.{table.names.table} AS named WHERE NOT EXISTS "
                f"(SELECT 1 FROM main.{table.name} AS row WHERE row.{table.names.column} = named.id)"
            )


def _upsert(table: Table, extra: dict[str, str] | None = None) -> str:
    """INSERT ... ON CONFLICT DO UPDATE, never OR REPLACE, which would delete the row and with it its children."""
    values = {column: _value(table, column) for column in table.columns}
    values |= {**(extra or {}), "available": "1", "lastSeen": ":now"}
    updates = ", ".join(f"{column} = excluded.{column}" for column in values if column != table.rating_key)
    return (
        f"INSERT INTO main.{table.name} ({', '.join(values)}) SELECT {', '.join(values.values())} "
        f"FROM staging.{table.name} AS row {_STAGED.format(key=table.rating_key)} "
        f"ON CONFLICT ({table.rating_key}) DO UPDATE SET {updates}"
    )


def _value(table: Table, column: str) -> str:
    """A column as staged; a parent that the index does not hold becomes NULL, or the foreign key would refuse the row."""
    if column not in table.parents:
        return f"row.{column}"
    parent, key = table.parents[column]
    return f"(SELECT parent.{key} FROM main.{parent} AS parent WHERE parent.{key} = row.{column})"


def _clear(table: Table) -> str:
    return (
        f"DELETE FROM main.{table.name} WHERE ratingKey IN "
        f"(SELECT row.ratingKey FROM staging.items AS row {_STAGED.format(key='ratingKey')})"
    )


def _insert(table: Table) -> str:
    columns = ", ".join(table.columns)
    values = ", ".join(f"row.{column}" for column in table.columns)
    return (
        f"INSERT INTO main.{table.name} ({columns}) SELECT {values} "
        f"FROM staging.{table.name} AS row {_STAGED.format(key='ratingKey')}"
    )


def _insert_names(table: Table, names: Names) -> str:
    """Insert names that are new, and update what else is known of the others."""
    keys = ", ".join(names.key)
    values = [*(f"row.{column}" for column in names.key), *(f"max(row.{column})" for column in names.carried)]
    updates = ", ".join(
        f"{column} = ifnull(excluded.{column}, {names.table}.{column})" for column in names.carried
    )
    news = " OR ".join(f"excluded.{column} <> ifnull({names.table}.{column}, '')" for column in names.carried)
    return (
        f"INSERT INTO main.{names.table} ({keys}, {', '.join(names.carried)}) SELECT {', '.join(values)} "
        f"FROM staging.{table.name} AS row {_STAGED.format(key='ratingKey')} "
        f"GROUP BY {', '.join(f'row.{column}' for column in names.key)} "
        f"ON CONFLICT ({keys}) DO UPDATE SET {updates} WHERE {news}"
    )


def _insert_named(table: Table, names: Names) -> str:
    own = [column for column in table.columns if column not in (*names.key, *names.carried)]
    same = " AND ".join(f"named.{column} = row.{column}" for column in names.key)
    return (
        f"INSERT INTO main.{table.name} ({', '.join(own)}, {names.column}) "
        f"SELECT {', '.join(f'row.{column}' for column in own)}, "
        f"(SELECT named.id FROM main.{names.table} AS named WHERE {same}) "
        f"FROM staging.{table.name} AS row {_STAGED.format(key='ratingKey')}"
    )
