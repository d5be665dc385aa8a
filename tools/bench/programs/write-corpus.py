"""Writes the first images of a split of one Parquet corpus as another, in two files: as they are, or as PNG.

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
half = (len(table) + 1) // 2
for i in range(2):
    pq.write_table(table.slice(i * half, half), os.path.join(output, f"{split}-{i:05}-of-00002.parquet"), row_group_size=100)
print(json.dumps({"rate": len(table), "peakMemoryMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "cpuSeconds": sum(os.times()[:4])}))
