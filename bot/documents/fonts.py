"""The fonts of reports: Noto Sans in two weights, cut to the letters that we need.

The package brings one variable font of all weights; taking a weight out of it whole costs 3 s each time, cut to Latin
and Cyrillic letters without kerning 1 s, and then it is kept in the user's cache folder.
"""

from __future__ import annotations

import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_dir

REGULAR, BOLD = 400, 650
# Latin with all its extensions, Cyrillic, punctuation, and the euro.
LETTERS = [*range(0x20, 0x250), *range(0x400, 0x530), *range(0x1E00, 0x1F00), *range(0x2010, 0x2050), 0x20AC]
FEATURES = ["ccmp", "locl", "mark", "mkmk"]  # accents and the forms of a language, not kerning


@cache
def font(weight: int) -> Path:
    """The font file of a weight, from 100 to 900; made when it is not there yet."""
    name = f"noto-sans-{version('fontpkg-noto-sans')}-{weight}.ttf"
    kept = Path(user_cache_dir("lotse")) / "fonts" / name
    if not kept.exists():
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            _make(weight, kept)
        except OSError:  # a read-only machine: for this process only
            kept = Path(tempfile.mkdtemp()) / name
            _make(weight, kept)
    return kept


def _make(weight: int, target: Path) -> None:
    import fontpkg_noto_sans  # noqa: PLC0415 - only where a font is made
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415 - as above
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - as above
    from fontTools.varLib.instancer import instantiateVariableFont  # noqa: PLC0415 - as above

    folder = Path(fontpkg_noto_sans.__file__).parent / "files"
    upright = next(path for path in folder.glob("NotoSans*.ttf") if "Italic" not in path.name)
    cut = TTFont(upright)
    options = Options()
    options.layout_features = FEATURES
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(cut)
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as part:
        instantiateVariableFont(cut, {"wght": weight, "wdth": 100}).save(part)
    Path(part.name).replace(target)
