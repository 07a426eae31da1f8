"""The fonts of what is printed: Noto Sans and Noto Sans Arabic, each in two weights.

The packages bring one variable font of all weights, of which the PDF library would take only the thinnest. HarfBuzz
takes a weight out of it in 20 ms; the file is kept in the user's cache folder, because fpdf2 wants a path.
"""

from __future__ import annotations

import tempfile
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import uharfbuzz
from platformdirs import user_cache_dir

REGULAR, BOLD = 400, 650


def font(weight: int) -> Path:
    """The font file of a weight, from 100 to 900: Latin, Greek, Cyrillic and Devanagari letters."""
    return _kept("fontpkg-noto-sans", weight)


def arabic_font(weight: int) -> Path:
    """Likewise Arabic letters, Persian ones included, and plain Latin ones."""
    return _kept("fontpkg-noto-sans-arabic", weight)


@cache
def _kept(package: str, weight: int) -> Path:
    name = f"{package.removeprefix('fontpkg-')}-{version(package)}-{weight}-whole.ttf"
    kept = Path(user_cache_dir("lotse")) / "fonts" / name
    if not kept.exists():
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            _make(package, weight, kept)
        except OSError:  # a read-only machine: for this process only
            kept = Path(tempfile.mkdtemp()) / name
            _make(package, weight, kept)
    return kept


def _make(package: str, weight: int, target: Path) -> None:
    folder = files(package.replace("-", "_")) / "files"
    upright = next(file for file in folder.iterdir() if file.name.endswith(".ttf") and "Italic" not in file.name)
    face = uharfbuzz.Face(uharfbuzz.Blob(upright.read_bytes()))
    wanted = uharfbuzz.SubsetInput()
    wanted.keep_everything()
    wanted.pin_axis_location(face, "wght", weight)
    wanted.pin_axis_location(face, "wdth", 100)
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as part:
        part.write(uharfbuzz.subset(face, wanted).blob.data)
    Path(part.name).replace(target)
