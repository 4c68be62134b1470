"""The icon sprite: one SVG file with the icons that the product names, and no other.

A name counts when it stands where an icon is named: `{% icon "phone" %}`, `icon="phone"`,
`icon: "phone"` or, in Python, inside a value bound to a name that contains "icon" or as a plain argument of
a class (`NavEntry("tasks", _("Tasks"), "checkbox", …)`).
"""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

TEMPLATE_NAME = re.compile(
    r"""\bicon\s+["']([a-z0-9-]+)["']|\bicon\w*\s*[=:]\s*["']([a-z0-9-]+)["']|\bicon\(["']([a-z0-9-]+)["']"""
)
FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none"/>'
STROKE = re.compile(r'<path d="(M[^"]*)"/>')
SKIPPED_FOLDERS = {
    "node_modules",
    ".venv",
    ".git",
    ".data",
    "staticfiles",
    "dist",
    "migrations",
    "media",
}


def _files(root: Path, suffix: str) -> Iterator[Path]:
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [name for name in subfolders if name not in SKIPPED_FOLDERS]
        for name in names:
            if name.endswith(suffix):
                yield Path(folder) / name


def _strings(node: ast.AST) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value


def _mentions_icon(node: ast.AST) -> bool:
    name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None) or ""
    return "icon" in name.lower()


def _is_class(func: ast.AST) -> bool:
    """Whether a call makes an object: entries and panels take their icon by position, too."""
    name = getattr(func, "id", None) or getattr(func, "attr", None) or ""
    return name[:1].isupper()


def names_in_python(source: str) -> set[str]:
    """Every string that is bound, passed or returned where the name says icon."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.keyword(arg=str(arg), value=value) if "icon" in arg.lower():
                found.update(_strings(value))
            case ast.Assign(targets=targets, value=value) if any(map(_mentions_icon, targets)):
                found.update(_strings(value))
            case ast.AnnAssign(target=target, value=value) if value is not None and _mentions_icon(target):
                found.update(_strings(value))
            case ast.Call(func=func, args=args) if _mentions_icon(func) or _is_class(func):
                for argument in args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        found.add(argument.value)
            case ast.FunctionDef() if _mentions_icon(node):
                found.update(_strings(node))
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and "icon" in str(key.value).lower():
                        found.update(_strings(value))
    return found


def used_names(root: Path) -> set[str]:
    """Names that templates, scripts and Python mention; not every one needs to be an icon."""
    found: set[str] = set()
    for path in _files(root, ".py"):
        source = path.read_text(encoding="utf-8")
        if "icon" in source.lower() or "registries" in source:
            found |= names_in_python(source)
    for suffix in (".html", ".js"):
        for path in _files(root, suffix):
            for groups in TEMPLATE_NAME.findall(path.read_text(encoding="utf-8")):
                found |= {group for group in groups if group}
    return found


def _drawing(source: str) -> str:
    """What an icon's file draws, in as few elements as can be: every use of the icon on a page repeats them all."""
    body = re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL)
    inner = body[body.index(">", body.index("<svg")) + 1 : body.rindex("</svg>")]
    inner = re.sub(r"\s+", " ", inner).replace("> <", "><").replace(" />", "/>").strip().replace(FRAME, "")
    if STROKE.sub("", inner):
        return inner
    return f'<path d="{"".join(STROKE.findall(inner))}"/>'


def sprite(names: set[str], icon_folder: Path) -> tuple[str, list[str]]:
    """The sprite, and the names it holds, in order; names without a drawing are left out.

    It is not displayed, so that browsers read its drawings without styling and placing each of them first.
    """
    symbols, held = [], []
    for name in sorted(names):
        path = icon_folder / f"{name}.svg"
        if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
            continue
        drawing = _drawing(path.read_text(encoding="utf-8"))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
        held.append(name)
    return f'<svg xmlns="http://www.w3.org/2000/svg" display="none">{"".join(symbols)}</svg>', held
