"""Ingest as pyarrow and PIL do it: decodes a split of Parquet files into Arrow files, a file for each process's share.

    python ingest.py <folder> <split>
"""
import glob
import io
import json
import os
import sys
import tempfile
import time
from multiprocessing import get_context
from resource import RUSAGE_CHILDREN, getrusage

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

PROCESSES = 2


def ingest(file, output):
    """One Parquet file to one Arrow file, a record batch for each row group: what streams in need not be held."""
    source = pq.ParquetFile(file)
    writer, count = None, 0
    for group in range(source.num_row_groups):
        table = source.read_row_group(group, columns=["image", "label"])
        images = table.column("image").combine_chunks().field("bytes").to_pylist()
        pixels = b"".join(Image.open(io.BytesIO(image)).convert("RGB").tobytes() for image in images)
        size = len(pixels) // len(images)
        batch = pa.record_batch(
            [
                pa.FixedSizeListArray.from_arrays(pa.Array.from_buffers(pa.uint8(), len(pixels), [None, pa.py_buffer(pixels)]), size),
                table.column("label").combine_chunks().cast(pa.int32()),
            ],
            names=["image", "label"],
        )
        writer = writer or pa.ipc.new_file(os.path.join(output, os.path.basename(file) + ".arrow"), batch.schema)
        writer.write_batch(batch)
        count += len(images)
    writer.close()
    return count


def warm(_):
    Image.init()


if __name__ == "__main__":
    folder, split = sys.argv[1:]
    files = sorted(glob.glob(os.path.join(folder, f"{split}-*.parquet")))
    with tempfile.TemporaryDirectory(prefix="radiotracer-bench-") as output, get_context("fork").Pool(PROCESSES) as pool:
        pool.map(warm, range(PROCESSES))
        start = time.perf_counter()
        count = sum(pool.starmap(ingest, [(file, output) for file in files], chunksize=1))
        seconds = time.perf_counter() - start
        pool.close()
        pool.join()
    # Of the largest child, times the processes: pages that they share with their parent are counted twice.
    peak = PROCESSES * getrusage(RUSAGE_CHILDREN).ru_maxrss
    cpu = sum(os.times()[:4])
    print(json.dumps({"rate": count / seconds, "peakMemoryMb": round(peak / 1024), "cpuSeconds": cpu}))
