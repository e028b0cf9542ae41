"""Where a configuration comes from: a path, a text or a mapping, with the files that it includes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..prices.data_sets import open_regular
from .document import MOST_BYTES, Node, Place, Unreadable, of_mapping, of_text

if TYPE_CHECKING:
    from .problems import Problems

_MOST_FILES = 200
# What a text is called in messages.
TEXT = "<text>"


class Document(NamedTuple):
    """One file of a configuration: its name in messages, where it lies, and its content."""

    name: str
    path: Path | None
    root: Node


def read(config: object, problems: Problems) -> list[Document]:
    """Return the documents of a configuration, the main one first, includes in the order in which LiteLLM merges them.

    A document that cannot be read is an error in ``problems``.
    """
    main = _main(config, problems)
    if main is None:
        return []
    documents = [main]
    seen = {main.path}
    waiting = _includes(main, problems)
    while waiting:
        declared_in, entry = waiting.pop(0)
        path = _resolved(str(entry.value), declared_in.path, main.path)
        if path in seen:
            continue
        seen.add(path)
        if len(seen) > _MOST_FILES:
            problems.error(entry, "include", f"more than {_MOST_FILES} files are included")
            break
        found = _file(path, _short(path, main.path), entry.place, "include", problems)
        if found is not None:
            documents.append(found)
            waiting += _includes(found, problems)
    return documents


def path_of(config: object) -> Path | None:
    """Return the path of the main file; None for a mapping, and for a string that is the configuration itself."""
    if isinstance(config, os.PathLike):
        return Path(config).absolute()
    if not isinstance(config, str) or "\n" in config or "\0" in config or ": " in config:
        return None
    is_text = config.lstrip().startswith("{") or config.rstrip().endswith(":") or not config.strip()
    return None if is_text else Path(config).absolute()


def _main(config: object, problems: Problems) -> Document | None:
    nowhere = Place(None, None)
    if isinstance(config, Mapping):
        try:
            return Document(TEXT, None, of_mapping(config))
        except Unreadable as problem:
            problems.error(nowhere, "", problem.why)
            return None
    path = path_of(config)
    if path is not None:
        return _file(path, path.name, Place(str(path), None), "", problems)
    if isinstance(config, str):
        return _parsed(config, TEXT, None, problems)
    problems.error(
        nowhere, "", f"expected the path of a YAML file, its text, or a mapping, got {type(config).__name__}"
    )
    return None


def _file(path: Path, name: str, asked_at: Place, address: str, problems: Problems) -> Document | None:
    """Return the document of a file; a problem with the file itself is reported at the place that names it."""
    try:
        # The caller may give a pipe; an include, which a file names, is a file.
        with open_regular(path, pipes=not address) as file:
            data = file.read(MOST_BYTES + 1)
        if not data and path.is_fifo():
            raise ValueError("nobody writes to this pipe")
    except (OSError, ValueError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else problem
        problems.error(asked_at, address, f"{'it' if not address else name} cannot be read: {why}")
        return None
    if len(data) > MOST_BYTES:
        problems.error(asked_at, address, f"{name} has more than {MOST_BYTES:,} bytes")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        problems.error(
            Place(name, data.count(b"\n", 0, problem.start) + 1), "", "no UTF-8 text; save the file as UTF-8"
        )
        return None
    return _parsed(text, name, path, problems)


def _parsed(text: str, name: str, path: Path | None, problems: Problems) -> Document | None:
    try:
        root = of_text(text, name)
    except Unreadable as problem:
        problems.error(Place(name, problem.line), "", problem.why)
        return None
    if root.value is None:
        root = Node({}, Place(name, 1))
    if not isinstance(root.value, dict):
        problems.error(root, "", "a configuration is a mapping (model_list: ...)")
        return None
    return Document(name, path, root)


def _includes(document: Document, problems: Problems) -> list[tuple[Document, Node]]:
    node = document.root.get("include")
    if node is None or node.value is None:
        return []
    found = []
    for index, entry in enumerate(node.elements if isinstance(node.value, list) else [node]):
        if isinstance(entry.value, str) and "\0" not in entry.value:
            found.append((document, entry))
        else:
            problems.error(entry, f"include[{index}]", "the path of a YAML file is expected")
    return found


def _resolved(entry: str, declared_in: Path | None, main: Path | None) -> Path:
    """Return the path of an include: beside the file that declares it, else beside the main file, as in LiteLLM."""
    beside = (declared_in.parent if declared_in else Path.cwd()) / entry
    if main is not None and not _exists(beside) and _exists(main.parent / entry):
        return (main.parent / entry).absolute()
    return beside.absolute()


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long
        return False


def _short(path: Path, main: Path | None) -> str:
    """Return how an included file is called in messages: its path from the main file's folder."""
    try:
        return os.path.relpath(path, main.parent if main else Path.cwd())
    except ValueError:  # another drive
        return str(path)
