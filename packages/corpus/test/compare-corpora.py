"""Prints how two Parquet files of a corpus differ, as pyarrow and DuckDB read them: compare-corpora.py OLD NEW"""
import json, sys
import duckdb, pyarrow.parquet as pq

old_path, new_path = sys.argv[1:]
old, new = pq.read_table(old_path), pq.read_table(new_path)
groups = lambda path: [pq.read_metadata(path).row_group(i).num_rows for i in range(pq.read_metadata(path).num_row_groups)]
images = lambda table: [row["bytes"] if isinstance(row, dict) else row for row in table["image"].to_pylist()]
paths = lambda table: [row.get("path") for row in table["image"].to_pylist() if isinstance(row, dict)]
field = "image.bytes" if old.schema.field("image").type.num_fields else "image"
rows = lambda path: duckdb.sql(f"select sha256({field}) from '{path}'").fetchall()
others = [name for name in old.column_names if name != "image"]
print(json.dumps({
    "sameSchema": old.schema.equals(new.schema, check_metadata=True),
    "sameRowGroups": groups(old_path) == groups(new_path),
    "sameOtherColumns": old.select(others).equals(new.select(others)) and paths(old) == paths(new),
    "sameOtherColumnsInDuckdb": duckdb.sql(
        f"select count(*) from (select * exclude (image) from '{old_path}' except all select * exclude (image) from '{new_path}')"
    ).fetchone()[0] == 0,
    "changedRows": [i for i, (a, b) in enumerate(zip(images(old), images(new), strict=True)) if a != b],
    "changedRowsInDuckdb": [i for i, (a, b) in enumerate(zip(rows(old_path), rows(new_path), strict=True)) if a != b],
}))
