"""Workbooks for the fuzzer to start from, and what stands in a workbook's cells as a reader sees it that overlooks what is broken."""

from __future__ import annotations

import codecs
import datetime
import html
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment

from accountsheet.fields import plain
from accountsheet.grid import MARK
from mutations import base
from office import Office, exceljs_resave, gnumeric_resave, sheetjs_resave
from small import changed, write

SAMPLES = Path(__file__).parents[1] / "samples" / "workbooks"
STRICT = {b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
          b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships"}  # fmt: skip

_CELL = re.compile(r"<((?:\w+:)?)c\b([^>]*?)(?:/>|>(.*?)</\1c\s*>)", re.DOTALL)
_ATTRIBUTE = re.compile(r"""\s([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_VALUE = re.compile(r"<(?:\w+:)?v\b[^>]*>([^<]*)<")
_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)<")
_FREE_CELL = re.compile(r"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.DOTALL)


# ------------------------------------------------------------------------------------------------- to start from


def make_specimens(folder: Path) -> Mapping[str, bytes]:
    """Make the workbooks, unless they are there: each form, each program that saves them, small and large, with notes."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        write(folder / "small.xlsx")
        noted(folder / "small.xlsx", folder / "noted.xlsx")
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


def cells_in(data: bytes, calculated: bool = False) -> dict[str, list[str]]:
    """Give what stands in the cells that a rep sees, each with the forms that it may be kept in; calculations or not."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            parts = {name: decoded(archive.read(name)) for name in names if name.endswith((".xml", ".rels"))}
    except Exception:  # What is no zip any more is for the reader to refuse.
        return {}
    if len(set(names)) < len(names):
        return {}
    formulas = r"(<(?:\w+:)?f\b.*?(?:/>|</(?:\w+:)?f>)|table:formula=\"[^\"]*\")"
    if calculated:
        parts = {name: re.sub(formulas, "", text) for name, text in parts.items()}
    every = free_cells(parts["content.xml"]) if "content.xml" in parts else cells(parts)
    return {text: forms for text, forms in every if not text.startswith(MARK) and all(forms)}


def decoded(data: bytes) -> str:
    """Give a part as text, in whatever letters it says."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    told = re.match(rb"<\?xml[^>]*encoding=[\"']([\w-]+)", data)
    try:
        text = data.decode(told[1].decode() if told else "utf-8", "replace")
    except LookupError:
        return ""
    return re.sub(r"<!--.*?-->|<\?.*?\?>", "", text, flags=re.DOTALL)


def attributes_of(tag: str) -> dict[str, str]:
    """Give a tag's attributes, quoted either way."""
    return {name: html.unescape(one or other) for name, one, other in _ATTRIBUTE.findall(tag)}


def cells(parts: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Go through the cells of Office Open XML."""
    workbook = parts.get("xl/workbook.xml", "")
    related = {}
    for each in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", parts.get("xl/_rels/workbook.xml.rels", "")):
        pairs = attributes_of(each)
        target = pairs.get("Target", "")
        related[pairs.get("Id")] = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    items = re.findall(r"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", parts.get("xl/sharedStrings.xml", ""), re.DOTALL)
    strings = ["".join(_TEXT.findall(re.sub(r"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", "", each, flags=re.DOTALL))) for each in items]
    for each in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", workbook):
        pairs = attributes_of(each)
        part = related.get(pairs.get("r:id"), "")
        if not pairs.get("name", "_").startswith("_"):
            for _, attributes, inside in _CELL.findall(parts.get(part, "")):
                if not re.search(r"<(?:\w+:)?f\b", inside):
                    yield from cell(attributes_of(attributes).get("t", "n"), inside, strings)


def cell(kind: str, inside: str, strings: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Give what one cell holds."""
    value = next(iter(_VALUE.findall(inside)), "").strip()
    match kind:
        case "s":
            if value.isascii() and value.isdigit() and int(value[:9]) < len(strings):
                yield from written(strings[int(value[:9])])
        case "inlineStr":
            yield from written("".join(_TEXT.findall(inside)))
        case "str":
            yield from written(value)
        case "n":
            yield from number(value)


def free_cells(content: str) -> Iterator[tuple[str, list[str]]]:
    """Go through the cells of an OpenDocument."""
    for table in re.split(r"(?=<table:table )", content)[1:]:
        if 'table:name="_' in table[:200] or not re.match(r'<table:table [^>]*table:name="', table):
            continue
        for attributes, inside in _FREE_CELL.findall(table):
            pairs = attributes_of(attributes)
            if "table:formula" in pairs:
                continue
            bare = re.sub(r"<office:annotation\b.*?</office:annotation>", "", inside, flags=re.DOTALL)
            shown = re.sub(r"<[^>]*>", "", " ".join(re.findall(r"<text:p\b[^>]*>(.*?)</text:p>", bare, re.DOTALL)))
            kind = pairs.get("office:value-type", "")
            if kind in ("float", "currency"):
                yield from number(pairs.get("office:value", ""))
            elif kind == "string" and "office:string-value" not in pairs:
                yield from written(shown)


def written(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give a text, unless it speaks of what a part defines itself."""
    meant = html.unescape(re.sub("_x[0-9A-Fa-f]{4}_", "", text))
    if "&" not in re.sub(r"&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);", "", text) and squeezed(meant):
        yield meant, [squeezed(re.sub("_x[0-9A-Fa-f]{4}_", "", meant))]


def number(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give a number, which may be shown as a day."""
    try:
        value = float(text)
        forms = [squeezed(plain(value))]
        if abs(value) < 2_900_000:
            starts = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
            forms += [squeezed((start + datetime.timedelta(days=int(value))).isoformat()) for start in starts]
        yield f"{value:.15g}", forms
    except (ValueError, OverflowError):
        return
