"""The files of a run: made beside the folder, moved into it together at the end."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_all(out: Path, files: Mapping[str, bytes | Path]) -> None:
    """Write every file or none. A path is copied. Each file replaces an older one whole; raises OSError."""
    beside = out if out.is_dir() else out.parent
    half = Path(tempfile.mkdtemp(prefix=".nanglucso-", dir=beside))
    try:
        for name, content in files.items():
            target = half / name
            if isinstance(content, Path):
                shutil.copyfile(content, target)
            else:
                target.write_bytes(content)
            with target.open("rb") as handle:
                os.fsync(handle.fileno())
        if out.is_dir():
            for name in files:
                os.replace(half / name, out / name)
        else:
            half.chmod(0o755)
            os.rename(half, out)
    finally:
        shutil.rmtree(half, ignore_errors=True)
