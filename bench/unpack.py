"""Unpacks all archives of a folder into one folder of members. Usage: unpack.py ARCHIVES MEMBERS"""

import glob
import os
import sys
import zipfile

archives, members = sys.argv[1:]
os.makedirs(members)
for path in sorted(glob.glob(os.path.join(glob.escape(archives), "*.zip"))):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with open(os.path.join(members, os.path.basename(name)), "xb") as file:
                file.write(archive.read(name))
