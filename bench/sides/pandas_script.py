"""The script that people write: unpack the archives, read every member with pandas, concatenate into `df`.

The kinder of the usual forms: one concat at the end, not one per file.
Usage: pandas_script.py ARCHIVES WORK
"""

import glob
import json
import os
import sys
import zipfile

import pandas as pd

archives, work = sys.argv[1:]

for path in sorted(glob.glob(os.path.join(archives, "*.zip"))):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(work)

frames = []
for path in sorted(glob.glob(os.path.join(work, "**", "*.json.gz"), recursive=True)):
    frames.append(pd.read_json(path, lines=True))

df = pd.concat(frames, ignore_index=True)

print(json.dumps({"rows": len(df), "columns": len(df.columns)}))
