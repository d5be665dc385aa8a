"""Writes the first images of a split of one Parquet corpus as another, 25,000 in a file: as they are, or as PNG.

More than there are begin again with the first.

    python write-corpus.py <folder> <split> <images> <output folder> [png]
"""
import glob
import io
import json
import os
import resource
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

FILE_ROWS = 25_000


def as_png(image):
    out = io.BytesIO()
    Image.open(io.BytesIO(image["bytes"])).convert("RGB").save(out, "PNG")
    return {"bytes": out.getvalue(), "path": None}


folder, split, count, output = sys.argv[1:5]
files = sorted(glob.glob(os.path.join(folder, f"{split}-*.parquet")))
whole = pa.concat_tables([pq.read_table(file) for file in files])
table = pa.concat_tables([whole] * -(-int(count) // len(whole))).slice(0, int(count))
if sys.argv[5:] == ["png"]:
    images = pa.array([as_png(image) for image in table.column("image").to_pylist()], table.schema.field("image").type)
    table = table.set_column(table.schema.get_field_index("image"), table.schema.field("image"), images)
os.makedirs(output, exist_ok=True)
files = -(-len(table) // FILE_ROWS)
for i in range(files):
    name = f"{split}-{i:05}-of-{files:05}.parquet"
    pq.write_table(table.slice(i * FILE_ROWS, FILE_ROWS), os.path.join(output, name), row_group_size=100)
print(json.dumps({"rate": len(table), "peakMemoryMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "cpuSeconds": sum(os.times()[:4])}))
