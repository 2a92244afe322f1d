"""Labelled news streams: JSON Lines with `id, title, body, published_at, lang, source, url, story`, as articles."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storyline_schemas import Article

from ..labelled import article_of, published_at


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file. Raises ValueError naming what is not a JSON object with an `id`, and a time that is none."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode())
            except UnicodeDecodeError:
                raise ValueError(f"{path.name}, line {number}: is not UTF-8") from None
            except json.JSONDecodeError as problem:
                raise ValueError(f"{path.name}, line {number}: is not JSON ({problem.msg})") from problem
            if not isinstance(row, dict) or "id" not in row:
                raise ValueError(
                    f"{path.name}, line {number}: is not an object with an `id`; labelled articles have `id`, `story` "
                    "and `title`, an article of the contract is for `ingest`"
                )
            try:
                published_at(row)
            except ValueError as problem:
                raise ValueError(f"{path.name}, {row['id']}: published_at {problem}") from None
            yield row


def read_sets(files: Sequence[Path]) -> dict[str, list[dict[str, Any]]]:
    """File name without its ending → rows, with labels. Raises ValueError for unreadable lines and equal names."""
    sets = read_unlabelled(files)
    for path in files:
        if any(row.get("story") is None for row in sets[path.stem]):
            raise ValueError(f"{path.name}: an article has no `story`, so there is nothing to compare with")
    return sets


def read_unlabelled(files: Sequence[Path]) -> dict[str, list[dict[str, Any]]]:
    """As `read_sets`, but a row needs no `story`."""
    sets: dict[str, list[dict[str, Any]]] = {}
    for path in files:
        if path.stem in sets:
            raise ValueError(f"{path.stem}: two files of this name; their results could not be told apart")
        sets[path.stem] = list(read(path))
        if not sets[path.stem]:
            raise ValueError(f"{path.name}: holds no articles")
    return sets


def read_stories(files: Sequence[Path]) -> dict[str, list[Article]]:
    """The articles of each story by time of publication, undated ones last. Raises ValueError as `read_sets`."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, its in read_unlabelled(files).items():
        for row in its:
            if row.get("body") or row.get("title"):
                rows.setdefault(f"{name}-{row.get('story')}", []).append(row)
    last = datetime.max.replace(tzinfo=UTC)
    return {
        name: [article_of(row) for row in sorted(group, key=lambda row: published_at(row) or last)]
        for name, group in rows.items()
    }
