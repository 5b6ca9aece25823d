"""Workbooks for the fuzzer to start from, and what stands in the cells of one, seen with a second pair of eyes."""

from __future__ import annotations

import datetime
import io
import posixpath
import random
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
from openpyxl.comments import Comment

from accountsheet.display import plain
from accountsheet.grid import MARK
from accountsheet.package import local
from edits import Book, own_tab, saved, write_note
from mutations import Base, base
from office import Office, exceljs_resave, gnumeric_resave, sheetjs_resave
from small import changed, write

SAMPLES = Path(__file__).parents[1] / "samples" / "workbooks"
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006": b"http://purl.oclc.org/ooxml/officeDocument",
}


# ------------------------------------------------------------------------------------------------- to start from


def make_specimens(folder: Path) -> Mapping[str, bytes]:
    """Make the workbooks, unless they are there: each form, each program that saves them, small and large, with notes."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        write(folder / "small.xlsx")
        noted(folder / "small.xlsx", folder / "noted.xlsx")
        (folder / "edited.xlsx").write_bytes(with_threads(base("mixed", 0)))
        for name, seed in (("mixed", 0), ("mixed", 1), ("key-account-notes", 2), ("account-selection", 3), ("twelve-bases", 1)):
            (folder / f"{name} {seed}.xlsx").write_bytes(base(name, seed).data)
        for path in sorted(SAMPLES.glob("*.xlsx"))[::4]:
            (folder / path.name).write_bytes(path.read_bytes())
        with Office() as office:
            for form in ("xlsx", "ods", "xls"):
                for name in ("noted", "mixed 1"):
                    office.resave(folder / f"{name}.xlsx", folder / f"{name} LibreOffice.{form}")
        for resave in (gnumeric_resave, sheetjs_resave, exceljs_resave):
            resave(folder / "mixed 0.xlsx", folder / f"mixed 0 {resave.__name__}.xlsx")
        gnumeric_resave(folder / "small.xlsx", folder / "small gnumeric.xls")
        small = (folder / "small.xlsx").read_bytes()
        (folder / "macros.xlsm").write_bytes(changed(small, {"[Content_Types].xml": macros}, {"xl/vbaProject.bin": bytes(99)}))
        with zipfile.ZipFile(io.BytesIO(small)) as archive:
            (folder / "strict.xlsx").write_bytes(changed(small, dict.fromkeys(archive.namelist(), strict)))
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def noted(source: Path, target: Path) -> None:
    """Let a rep put notes beside cells, and type beside the plan."""
    book = openpyxl.load_workbook(source)
    book["Facts"]["C6"].comment = Comment("ask Ann first", "Robin")
    book["Deals"]["H9"].comment = Comment("and Bob", "Robin")
    book["Facts"]["H9"] = "beside the plan"
    book.create_sheet("Mine")["B2"] = "a tab of my own"
    book.save(target)


def with_threads(given: Base) -> bytes:
    """Let a rep make a tab, and begin threads of comments."""
    tabs = {title: [list(line) for line in tab] for title, tab in given.tabs.items()}
    book = Book(given.plan, given.plan.layout(), tabs, random.Random(1), given.foreign)
    for edit in (own_tab, write_note, write_note, write_note):
        edit(book)
    return saved(book, "kept")


def macros(part: bytes) -> bytes:
    """Say that a workbook has macros."""
    return part.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")


def strict(part: bytes) -> bytes:
    """Give a part the name spaces of strict Office Open XML."""
    for old, new in STRICT.items():
        part = part.replace(old, new)
    return part


# ------------------------------------------------------------------------------------------------- what stands in it


def squeezed(text: str) -> str:
    """Give the letters and digits of a text: programs differ in all else."""
    return "".join(filter(str.isalnum, text)).casefold()


def cells_in(data: bytes, everything: bool = False) -> dict[str, list[str]]:
    """Give what stands in the cells that a rep sees, each with the forms that it may be kept in.

    Only what stands where the format wants it, and no calculations: programs pass over all else, unless `everything` is asked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            twice = len(set(archive.namelist())) < len(archive.namelist())
            every = free_cells(archive, everything) if "content.xml" in archive.namelist() else cells(archive, everything)
            return {} if twice else {text: forms for text, forms in every if not text.startswith(MARK) and all(forms)}
    except Exception:  # What is broken is for the reader to refuse.
        return {}


def tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Read a part, without its name spaces; raises whatever a broken one may."""
    data = archive.read(name)
    if re.match(rb"<\?xml[^>]*encoding=.(?!utf-)", data, re.IGNORECASE):
        raise ValueError  # All programs write UTF-8, and some read it so whatever is said.
    found = ElementTree.fromstring(data)
    for each in found.iter():
        each.tag = each.tag.rpartition("}")[2]
        each.attrib = {local(name): value for name, value in each.attrib.items()}
    return found


def cells(archive: zipfile.ZipFile, everything: bool) -> Iterator[tuple[str, list[str]]]:
    """Go through the cells of Office Open XML."""
    related = {each.get("Id"): each.get("Target", "") for each in tree(archive, "xl/_rels/workbook.xml.rels")}
    strings = []
    with suppress(KeyError):
        strings = [texts(each) for each in tree(archive, "xl/sharedStrings.xml") if each.tag == "si"]
    for sheet in tree(archive, "xl/workbook.xml").iterfind("sheets/sheet"):
        target = related.get(sheet.get("id"), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if sheet.get("name", "_").startswith("_") or part not in archive.namelist():
            continue
        rows = tree(archive, part).find("sheetData")
        yield from notes(archive, part)
        for each in rows.iterfind(".//c" if everything else "row/c") if rows is not None else ():
            if everything or ([inside.tag for inside in each] in (["v"], ["is"]) and not strange(each[0])):
                for value in (inside for inside in each if inside.tag in ("v", "is")):
                    yield from cell(each.get("t", "n"), value, strings)


def notes(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, list[str]]]:
    """Go through the notes and comments on a sheet."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    for relation in tree(archive, relations) if relations in archive.namelist() else ():
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        if relation.get("Type", "").endswith(("/comments", "/threadedComment")) and target in archive.namelist():
            for each in (*tree(archive, target).iterfind("commentList/comment/text"), *tree(archive, target).iterfind("*/text")):
                if not "".join(each.itertext()).startswith("[Threaded"):
                    yield from written("".join(piece.text or "" for piece in each.iter() if piece.tag in ("t", "text")))


def texts(item: ElementTree.Element) -> str:
    """Give the text of a shared or inline string, runs joined, without what says how it sounds."""
    pieces = (*item.iterfind("t"), *item.iterfind("r/t"))
    return "".join(each.text or "" for each in pieces) if len(item.findall("t")) < 2 else ""


def strange(value: ElementTree.Element) -> bool:
    """Whether something else stands in a text or number."""
    return any(each.tag not in ("t", "r", "rPh", "phoneticPr") for each in value)


def cell(kind: str, value: ElementTree.Element, strings: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Give what one cell holds."""
    shown = (value.text or "").strip()
    match kind:
        case "s":
            if shown.isascii() and shown.isdigit() and int(shown[:9]) < len(strings):
                yield from written(strings[int(shown[:9])])
        case "inlineStr":
            yield from written(texts(value))
        case "str":
            yield from written(shown)
        case "n":
            yield from number(shown)


def free_cells(archive: zipfile.ZipFile, everything: bool) -> Iterator[tuple[str, list[str]]]:
    """Go through the cells of an OpenDocument."""
    for table in tree(archive, "content.xml").iterfind("body/spreadsheet/table"):
        if table.get("name", "_").startswith("_"):
            continue
        for each in (cell for row in rows_of(table) for cell in row.iterfind("table-cell")):
            if "formula" in each.attrib and not everything:
                continue
            yield from written(" ".join("".join(line.itertext()) for line in each.iterfind("annotation/p")))
            kind = each.get("value-type", "")
            if kind in ("float", "currency"):
                yield from number(each.get("value", ""))
            elif kind == "date":
                with suppress(ValueError):
                    yield from written(datetime.datetime.fromisoformat(each.get("date-value", "")).date().isoformat())
            elif kind == "string" and "string-value" not in each.attrib:
                yield from written(" ".join("".join(line.itertext()) for line in each.iterfind("p") if line.find(".//p") is None))


def rows_of(table: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Go through the rows of an OpenDocument's table, in groups or not."""
    for each in table:
        if each.tag == "table-row":
            yield each
        elif each.tag in ("table-rows", "table-row-group", "table-header-rows"):
            yield from rows_of(each)


def written(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give a text."""
    meant = re.sub("_x[0-9A-Fa-f]{4}_", "", text)
    if squeezed(meant):
        yield meant, [squeezed(meant)]


def number(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give a number, which may be shown as a day."""
    with suppress(ValueError, OverflowError):
        value = float(text)
        forms = [squeezed(plain(value))]
        if abs(value) < 2_900_000:
            starts = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
            forms += [squeezed((start + datetime.timedelta(days=int(value))).isoformat()) for start in starts]
        yield f"{value:.15g}", forms
