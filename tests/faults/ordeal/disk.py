"""A small file system of our own on a file: it can be filled to the last byte, and its power can be cut.

What a program has written and not flushed lies in the memory of the kernel only. A copy of the file under the file
system, taken when everything that writes was killed, holds what was flushed (and what the kernel wrote by itself): that
is the disk after a power cut, and mounting the copy lets the file system recover as it would then. Needs root.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path


def available() -> bool:
    """Whether this user may mount a file; tried once, since a container may forbid it to root too."""
    if os.geteuid() or not shutil.which("mkfs.ext4", path=f"{os.environ['PATH']}:/usr/sbin:/sbin"):
        return False
    try:
        with Disk(16):
            return True
    except (subprocess.CalledProcessError, OSError):
        return False


def _run(*words: str) -> None:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    subprocess.run(words, check=True, capture_output=True, env={**os.environ, "PATH": path})


class Disk:
    """`with Disk(megabytes) as disk: disk.top` — the folder where it is mounted; gone at the end."""

    def __init__(self, megabytes: int, image: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nlsdisk"))
        self.folder.chmod(0o755)
        self.image, self.top, self.ballast = self.folder / "image", self.folder / "top", self.folder / "top" / "ballast"
        self.copied = image is not None
        if image:
            image.replace(self.image)
        else:
            with self.image.open("wb") as file:
                file.truncate(megabytes << 20)

    def __enter__(self) -> "Disk":
        self.top.mkdir()
        if not self.copied:
            _run("mkfs.ext4", "-q", "-m", "0", str(self.image))
        # The kernel itself is to write as late as it can: only what was flushed counts.
        _run("mount", "-o", "loop,commit=600", str(self.image), str(self.top))
        self.top.chmod(0o755)
        return self

    def __exit__(self, *_error: object) -> None:
        for _try in range(20):
            if subprocess.run(["umount", str(self.top)], capture_output=True).returncode == 0:
                break
            time.sleep(0.2)
        else:
            subprocess.run(["umount", "-l", str(self.top)], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def settle(self) -> None:
        """Everything written so far is on the disk."""
        _run("sync", "-f", str(self.top))

    def fill(self) -> int:
        """Take the last byte; returns how many were taken."""
        taken = 0
        with self.ballast.open("wb") as file:
            for block in (1 << 24, 1 << 20, 1 << 12):
                try:
                    while True:
                        os.posix_fallocate(file.fileno(), taken, block)
                        taken += block
                except OSError:
                    continue
        return taken

    def empty(self) -> None:
        self.ballast.unlink(missing_ok=True)

    def after_power_cut(self) -> "Disk":
        """The disk as it would be found then; whatever wrote must be killed already."""
        copy = self.folder / "cut"
        _run("cp", "--sparse=always", str(self.image), str(copy))
        return Disk(0, copy)
