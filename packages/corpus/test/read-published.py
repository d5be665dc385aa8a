"""Prints what mlcroissant, Hugging Face `datasets` and pyarrow read in published corpora: read-published.py FOLDER...

For each folder: warnings and errors of mlcroissant; the features that `datasets` finds; and for each reader, by split,
the label and the SHA-256 of the RGB pixels of each row. pyarrow reads Parquet files only.
"""
import hashlib, io, json, logging, os, sys, tempfile, warnings
from pathlib import Path

os.environ.update(HF_HOME=tempfile.mkdtemp(), HF_HUB_OFFLINE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import datasets, mlcroissant, pyarrow.parquet as pq
from PIL import Image


def number(label, names):
    return names.index(label.decode()) if isinstance(label, bytes) else label


def row(label, image):
    return [int(label), hashlib.sha256(image.convert("RGB").tobytes()).hexdigest()]


def decoded(value):
    return Image.open(io.BytesIO(value["bytes"] if isinstance(value, dict) else value))


def read(folder):
    croissant = mlcroissant.Dataset(folder / "croissant.json")
    issues = croissant.metadata.ctx.issues
    splits = [records.id for records in croissant.metadata.record_sets if records.id != "classes"]
    files = {file.id: file.sha256 for file in croissant.metadata.distribution if hasattr(file, "sha256")}
    loaded = datasets.load_dataset(str(folder))
    names = loaded[splits[0]].features["label"].names
    return {
        "errors": sorted(issues.errors),
        "warnings": sorted(issues.warnings),
        "classes": [record["classes/name"] for record in croissant.records("classes")],
        "wrongHashes": [n for n, sha256 in files.items() if hashlib.sha256((folder / n).read_bytes()).hexdigest() != sha256],
        "files": sorted(files),
        "features": {name: type(feature).__name__ for name, feature in loaded[splits[0]].features.items()},
        "names": names,
        "rows": {
            "mlcroissant": {s: [row(number(r[f"{s}/label"], names), r[f"{s}/image"]) for r in croissant.records(s)] for s in splits},
            "datasets": {s: [row(r["label"], r["image"]) for r in rows] for s, rows in loaded.items()},
            "pyarrow": {
                s: [
                    row(r["label"], decoded(r["image"]))
                    for file in sorted(folder.rglob(f"{s}-*.parquet"))
                    for r in pq.read_table(file).to_pylist()
                ]
                for s in splits
            },
        },
    }


print(json.dumps([read(Path(folder)) for folder in sys.argv[1:]]))
