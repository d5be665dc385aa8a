"""Prints what pyarrow and DuckDB read from the table of a study: read-study.py FOLDER"""
import csv, json, sys
import duckdb, pyarrow.parquet as pq

folder = sys.argv[1]
table = pq.read_table(f"{folder}/study.parquet")
text = lambda value: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
same = lambda a, b: a == b or (a != "" and b != "" and float(a) == float(b))
with open(f"{folder}/study.csv", newline="") as file:
    rows = list(csv.DictReader(file))
print(json.dumps({
    "rows": table.num_rows,
    "types": {field.name: str(field.type) for field in table.schema},
    "differsFromCsv": [
        [i, name] for i, (row, other) in enumerate(zip(table.to_pylist(), rows, strict=True))
        for name in table.column_names if not same(text(row[name]), other[name])
    ],
    "detectedInDuckdb": duckdb.sql(
        f"select count(*) from '{folder}/study.parquet' where role = 'suspect' and detected and log10P < -4"
    ).fetchone()[0],
}))
