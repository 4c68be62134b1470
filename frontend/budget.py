"""The budget of scripts: what an ordinary page loads must stay below 110 kB gzipped.

`python -m frontend.budget` follows the static imports from `app.js`; what is imported only when a page
needs it (boards, autocomplete, mentions) is listed but does not count.
"""

import gzip
import re
import sys
from pathlib import Path

from frontend.build import DIST

LIMIT_BYTES = 110_000
STATIC_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\./[^"']+)["']""")


def loaded_scripts(folder: Path, entry: str = "app.js") -> list[Path]:
    """The entry and every script it imports before it runs."""
    found: list[Path] = []
    waiting = [folder / entry]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.append(path)
            waiting += [folder / name for name in STATIC_IMPORT.findall(path.read_text(encoding="utf-8"))]
    return found


def gzipped_bytes(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), compresslevel=9))


def main() -> int:
    folder = DIST / "js"
    if not (folder / "app.js").is_file():
        print("nothing is built yet: run `python -m frontend.build`", file=sys.stderr)
        return 1
    loaded = loaded_scripts(folder)
    total = sum(gzipped_bytes(path) for path in loaded)
    for path in sorted(folder.glob("*.js")):
        print(f"{gzipped_bytes(path):>8,} B  {path.name}{'' if path in loaded else '  (when needed)'}")
    print(f"{total:>8,} B  on every page, of {LIMIT_BYTES:,}")
    return 0 if total <= LIMIT_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
