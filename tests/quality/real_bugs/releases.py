"""Releases of other people's packages, by exact version and content: fetched from PyPI when a test needs one, never kept here.

They are unpacked into `.treadle/releases`, which git ignores, and stay there for the next time. Without PyPI the test is
skipped, and says so. A file with another content is a failure: what is run here is what was looked at.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STORE = Path(__file__).parents[3] / ".treadle" / "releases"
HASHES = {
    "deprecated==1.3.1": "597bfef186b6f60181535a29fbe44865ce137a5079f295b479886c82729d5f3f",
    "fasteners==0.16.3": "8408e52656455977053871990bd25824d85803b9417aa348f10ba29ef0c751f7",
    "fasteners==0.17.3": "cae0772df265923e71435cc5057840138f4e8b6302f888a567d06ed8e1cbca03",
    "futures==2.2.0": "9fd22b354a4c4755ad8c7d161d93f5026aca4cfe999bd2e53168f14765c02cd6",
    "limits==5.8.0": "ae1b008a43eb43073c3c579398bd4eb4c795de60952532dc24720ab45e1ac6b8",
    "packaging==26.0": "b36f1fef9334a5588b4166f8bcd26a14e521f2b55e6b9de3aaa80d3ff7a37529",
    "six==1.16.0": "8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254",
    "tenacity==9.1.2": "f77bf36710d8b73a50b2dd155c97b870017ad21afe6ab300326b0371b3b05138",
    "tenacity==9.2.1": "9e56f17539296baab7beabb08b92f6ee3d7be92d8be72d763360677c2ad6580e",
    "typing_extensions==4.15.0": "f0fa19c6845758ab08074a0cfa8b7aecb71c999ca73d62883bc25cc018c4e548",
    "wrapt==1.17.3": "7171ae35d2c33d326ac19dd8facb1e82e5fd04ef8c6c0e394d7af55a55051c22",
}


def release(*pins: str) -> Path:
    """The folder with these releases in it; the test is skipped if they cannot be had."""
    folder = STORE / "+".join(pins)
    if not folder.is_dir():
        _fetch(pins, folder)
    return folder


def _fetch(pins: tuple[str, ...], folder: Path) -> None:
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    asked = unfinished / "asked.txt"
    asked.write_text("".join(f"{pin} --hash=sha256:{HASHES[pin]}\n" for pin in pins), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--only-binary=:all:"]
    pip += ["--disable-pip-version-check", "--retries=0", "--timeout=15", "--require-hashes"]
    done = subprocess.run([*pip, "--target", unfinished, "-r", asked], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr.strip() or "pip said nothing").splitlines()[-1]
        assert "DO NOT MATCH THE HASHES" not in done.stderr, done.stderr
        pytest.skip(f"PyPI did not give {' '.join(pins)}, so a known bug was NOT looked for: {said}")
    unfinished.rename(folder)
