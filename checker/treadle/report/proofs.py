"""The proof table: what was proved, within which bounds, and in how many executions. On a terminal, and as a page.

Both are made of the JSON object of `treadle prove` and of nothing else, so a page can be made of a proof that ran
somewhere else, or long ago; its hashes say of which files it speaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]
NUMBERS = frozenset({"programs", "executions", "spec states", "states", "transitions", "depth", "seconds"})
WORDS = {"proved": "proved", "failed": "refuted", "incomplete": "incomplete"}


def models(document: Row) -> tuple[list[str], list[list[str]]]:
    """The table of specifications: headings and rows of text."""
    headings = ["specification", "model", "checked", "states", "transitions", "depth", "seconds", "verdict"]
    rows = [
        [
            row["module"].removesuffix(".tla"),
            row["name"],
            ", ".join(_refined(name) for name in row.get("checked", ())),
            *(_number(row.get(name)) for name in ("distinct", "transitions", "depth")),
            f"{row['seconds']:.1f}",
            verdict(row),
        ]
        for row in document["specs"]
    ]
    return headings, rows


def _refined(name: str) -> str:
    return "refines Barrier" if name == "Contract" else name


def primitives(document: Row) -> tuple[list[str], list[list[str]]]:
    """The table of classes: headings and rows of text."""
    headings = ["class", "against", "promises", "bounds", "programs", "executions", "spec states", "seconds", "verdict"]
    rows = [
        [
            row["class"].replace(":", "."),
            row["spec"],
            spans(row["promises"]),
            limits(row.get("bounds", {})),
            *(_number(row.get(name)) for name in ("programs", "executions", "spec_states")),
            f"{row['seconds']:.1f}",
            verdict(row),
        ]
        for row in document["primitives"]
    ]
    return headings, rows


def verdict(row: Row) -> str:
    """The verdict in a word, and what is wrong with it if anything is."""
    word = WORDS[row["verdict"]]
    if row["fine"]:
        return f"{word}, as it must be" if row["expected"] == "failed" else word
    return f"{word}: {row.get('difference') or row.get('error') or '; '.join(row['reasons'])}".splitlines()[0]


def spans(promises: list[str]) -> str:
    """The numbers of promises, those that follow each other as a span: P1-P3, P9."""
    found: list[list[str]] = []
    for name in promises:
        if found and name[0] == found[-1][-1][0] and _index(name) == _index(found[-1][-1]) + 1:
            found[-1].append(name)
        else:
            found.append([name])
    return ", ".join("-".join(dict.fromkeys((span[0], span[-1]))) for span in found)


def _index(promise: str) -> int:
    return int(promise[1:])


def limits(bounds: Row) -> str:
    """The bounds of client programs in words."""
    if "programs" in bounds:
        return "; ".join(_program(program) for program in bounds["programs"])
    told = [f"{bounds[name]} {name}" for name in ("parties", "threads") if name in bounds]
    if "rounds" in bounds:
        told.append(f"{bounds['rounds']} call{'s' if bounds['rounds'] > 1 else ''} each")
    if bounds.get("faults"):
        told.append(f"{bounds['faults']} exception{'' if bounds['faults'] == 1 else 's'}")
    told += [f"{bounds['together']} calls together"] if "together" in bounds else []
    told += [f"of {', '.join(bounds['calls'])}"] if "calls" in bounds else []
    chosen = bounds.get("where", {})
    return ", ".join([*told, *(f"{name} {' or '.join(map(_word, values))}" for name, values in chosen.items())])


def _program(program: Row) -> str:
    """One client program: `wait, abort | wait (action=aborts)`."""
    made = [f"{name}={value}" for name, value in program["setup"].items() if value is not None]
    return f"{' | '.join(map(', '.join, program['threads']))} ({', '.join(made)})"


def _word(value: object) -> str:
    return "none" if value is None else str(value)


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def tables(document: Row) -> Iterator[Table]:
    """The tables for a terminal."""
    titles = ("specifications, every state", "classes, every interleaving of every client program within the bounds")
    for title, (headings, rows) in zip(titles, (models(document), primitives(document)), strict=True):
        if rows:
            table = Table(title=title, title_justify="left")
            for heading in headings:
                table.add_column(heading, justify="right" if heading in NUMBERS else "left", overflow="fold")
            for row in rows:
                table.add_row(*row)
            yield table


def conclusion(document: Row) -> str:
    """All of it in one line."""
    rows = [*document["specs"], *document["primitives"]]
    fine = sum(row["fine"] for row in rows)
    all_well = {"proved": "all as it must be", "failed": "NOT as it must be", "incomplete": "incomplete"}
    return (
        f"{all_well[document['verdict']]}: {fine} of {len(rows)} proofs, {document['executions']:,} executions, "
        f"{document['seconds']:.1f} s"
    )


def page(document: Row) -> str:
    """The same as a page in Markdown, with the hashes."""
    versions = document["versions"]
    lines = [
        "# Proofs",
        "",
        "What `treadle prove` has proved, and of which files. This page is generated; nobody edits it:",
        "",
        f"    treadle prove --{document['mode']} --json > proofs.json",
        "    treadle prove --from proofs.json --page docs/reference/proofs.md",
        "",
        f"Made by version {versions['phalanx']} on {versions['python']}, {document['processes']} processes at a time.",
        f"{conclusion(document).capitalize()}.",
        "",
        "## Classes",
        "",
        "Each row: every client program within the bounds, up to the names of the threads, and of each every",
        "interleaving of its accesses to shared memory. *Promises* are those that these programs could break; for what is",
        "refuted, the one that is broken. A class that is refuted *as it must be* is there to show that the checker sees.",
        "",
        *_markdown(*primitives(document)),
        "",
        "## Specifications",
        "",
        "Each row: every reachable state of a model. *Refines Barrier*: whatever it does, `Barrier.tla` allows.",
        "",
        *_markdown(*models(document)),
        "",
        "## What was proved of which files",
        "",
        "A proof is of these files and no others. A test compares them.",
        "",
        *_markdown(["file", "SHA-256"], [[f"`{name}`", f"`{digest}`"] for name, digest in document["hashes"].items()]),
        "",
    ]
    return "\n".join(lines)


def _markdown(headings: list[str], rows: list[list[str]]) -> Iterator[str]:
    """A table in Markdown."""
    yield f"| {' | '.join(headings)} |"
    yield f"|{'|'.join('--:' if heading in NUMBERS else '---' for heading in headings)}|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
