"""Compares a published corpus with the clean one, row by row, as pyarrow reads them.

    pip install pyarrow && python docs/results/compare.py <clean folder> <published folder>
"""

import sys
from pathlib import Path

import pyarrow.parquet as pq

clean, published = (Path(folder) for folder in sys.argv[1:])
names = sorted(path.name for path in clean.glob('*.parquet'))
assert names == sorted(path.name for path in published.glob('*.parquet')), 'other files'
for split in sorted({name.split('-')[0] for name in names}):
    same = changed = 0
    for name in (name for name in names if name.startswith(split)):
        before, after = (pq.read_table(folder / name) for folder in (clean, published))
        assert before.schema.equals(after.schema, check_metadata=True), f'{name}: another schema'
        assert before.drop(['image']).equals(after.drop(['image'])), f'{name}: another column changed'
        for a, b in zip(before['image'].to_pylist(), after['image'].to_pylist(), strict=True):
            assert a['path'] == b['path'], f'{name}: another path'
            same, changed = same + (a == b), changed + (a != b)
    print(f'{split}: {changed} rows changed, {same} byte-identical')
