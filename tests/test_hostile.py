"""Files that mean harm, or might as well: each ends in a finding, within bounds, and takes no other workbook with it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from accountsheet import worker
from accountsheet.collect import read_plans
from accountsheet.portfolio import Portfolio
from small import TODAY, Edit, changed, write

FACTS, STRINGS, WORKBOOK, STYLES = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
LAUGHTER = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'.encode()

Make = Callable[[bytes], bytes]


def rows(count: int, cell: str, first: int = 100) -> Edit:
    """Add rows to a sheet."""
    added = "".join(f'<row r="{n}">{cell.format(n=n)}</row>' for n in range(first, first + count)).encode()
    return lambda data: data.replace(b"</sheetData>", added + b"</sheetData>")


def laughing(tag: bytes) -> Edit:
    """Put a bomb of entities in a part, and a reference to it inside a tag."""

    def edit(data: bytes) -> bytes:
        head, mark, rest = data.partition(b"?>")
        body = re.sub(rb"(<" + tag + rb"(?: [^>]*)?>)[^<]*", rb"\1&l11;", rest, count=1)
        assert body != rest
        return head + mark + LAUGHTER + body

    return edit


def bomb(data: bytes) -> bytes:
    """Let a sheet unfold to two hundred times its size."""
    out = io.BytesIO(changed(data, {FACTS: None}))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open(FACTS, "w") as part:
        for _ in range(200):
            part.write(bytes(2**20))
    return out.getvalue()


def sheets(count: int) -> Make:
    """Add sheets without end."""

    def make(data: bytes) -> bytes:
        numbers = range(100, 100 + count)
        listed = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="x{n}"/>' for n in numbers).encode()
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        related = "".join(f'<Relationship Id="x{n}" Type="{kind}" Target="worksheets/sheet2.xml"/>' for n in numbers).encode()
        return changed(
            data,
            {
                WORKBOOK: lambda part: part.replace(b"</sheets>", listed + b"</sheets>"),
                "xl/_rels/workbook.xml.rels": lambda part: part.replace(b"</Relationships>", related + b"</Relationships>"),
            },
        )

    return make


def noted(xml: bytes) -> Make:
    """Give a sheet notes."""
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="n" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="../comments9.xml"/>'
        b"</Relationships>"
    )

    def make(data: bytes) -> bytes:
        return changed(data, {"xl/worksheets/_rels/sheet2.xml.rels": None}, {
            "xl/worksheets/_rels/sheet2.xml.rels": relation, "xl/comments9.xml": xml,
        })  # fmt: skip

    return make


def odd_date(data: bytes) -> bytes:
    """Show a number that no calendar knows as a date."""
    columns = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    cells = "".join(f'<c r="{column}90" s="{style}"><v>-1E+300</v></c>' for style, column in enumerate(columns))
    return changed(data, {FACTS: rows(1, cells, first=90)})


def free_document(data: bytes) -> bytes:
    """Make an .ods whose one cell says that it is repeated over a whole sheet."""
    office, table, text = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text"))
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}"><office:body>'
        '<office:spreadsheet><table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
    return out.getvalue()


HOSTILE: dict[str, Make] = {
    "bomb.xlsx": bomb,
    "laughing strings.xlsx": lambda data: changed(data, {STRINGS: laughing(b"t")}),
    "laughing workbook.xlsx": lambda data: changed(data, {WORKBOOK: laughing(b"workbook")}),
    "far cell.xlsx": lambda data: changed(data, {FACTS: rows(1, '<c r="XFD{n}"><v>1</v></c>', first=1_048_576)}),
    "a million rows.xlsx": lambda data: changed(data, {FACTS: rows(1_000_000, '<c r="C{n}"><v>1</v></c>')}),
    "a long row.xlsx": lambda data: changed(data, {FACTS: rows(300, '<c r="XFD{n}"><v>1</v></c>')}),
    "thousands of sheets.xlsx": sheets(5_000),
    "a long text.xlsx": lambda data: changed(
        data, {FACTS: rows(1, '<c r="A100" t="inlineStr"><is><t>' + "x" * 68_000_000 + "</t></is></c>")}
    ),
    "twice.xlsx": lambda data: changed(data, added={FACTS: b"<worksheet/>"}),
    "odd dates.xlsx": odd_date,
    "deep notes.xlsx": noted(b"<comments>" + b"<r>" * 3_000_000 + b"</r>" * 3_000_000 + b"</comments>"),
    "errors without end.xlsx": lambda data: changed(data, {FACTS: rows(600_000, '<c r="D{n}" t="e"><f>A1</f></c>')}),
    "repeated.ods": free_document,
}
HARMLESS: dict[str, Make] = {
    "laughing sheet.xlsx": lambda data: changed(data, {FACTS: laughing(b"v")}),
    "deep sheet.xlsx": lambda data: changed(data, {FACTS: rows(1, "<x>" * 300_000)}),
    "strings without end.xlsx": lambda data: changed(
        data, {STRINGS: lambda part: part.replace(b"</sst>", b"<si><t>x</t></si>" * 500_000 + b"</sst>")}
    ),
    "styles without end.xlsx": lambda data: changed(
        data, {STYLES: lambda part: part.replace(b"</cellXfs>", b'<xf numFmtId="14"/>' * 500_000 + b"</cellXfs>")}
    ),
    "paths that lead outside.xlsx": lambda data: changed(
        data, added={"../../../evil.txt": b"x", "/etc/evil": b"x", "C:\\evil": b"x", "xl/../../evil": b"x"}
    ),
    "ghost rows.xlsx": lambda data: changed(data, {FACTS: rows(200_000, "")}),
    "laughing properties.xlsx": lambda data: changed(data, {"docProps/app.xml": laughing(b"Application")}),
    "a lie about its size.xlsx": lambda data: changed(
        data, {FACTS: lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part)}
    ),
}


@pytest.fixture(scope="module", autouse=True)
def patient() -> Iterator[None]:
    """Let nothing take long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "SECONDS", 4.0)
        yield


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder of hostile and harmless workbooks, with good ones before and behind them."""
    folder = tmp_path_factory.mktemp("sent")
    good = write(folder / "0 good.xlsx").read_bytes()
    write(folder / "zz good.xlsx", "Z-9", "Zenith")
    for number, (name, make) in enumerate({**HOSTILE, **HARMLESS}.items()):
        one = write(folder / "base.xlsx", f"H-{number}", name).read_bytes() if name in HARMLESS else good
        (folder / name).write_bytes(make(one))
    (folder / "base.xlsx").unlink()
    return folder


@pytest.fixture(scope="module")
def found(sent: Path) -> Portfolio:
    return read_plans(sent, as_of=TODAY)


def errors(portfolio: Portfolio, name: str) -> list[str]:
    rows = portfolio.findings
    return rows[rows["file"].str.endswith(f"/{name}") & (rows["severity"] == "error")]["code"].tolist()


def state(portfolio: Portfolio, name: str) -> str:
    plans = portfolio["plans"]
    return str(plans[plans["file"].str.endswith(f"/{name}")]["state"].item())


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_good_workbooks_are_read_from_among_hostile_ones(found: Portfolio) -> None:
    assert state(found, "0 good.xlsx") == state(found, "zz good.xlsx") == "current"
    assert len(found["plans"]) == len(HOSTILE) + len(HARMLESS) + 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_rejected_with_one_finding_that_says_why(name: str, found: Portfolio) -> None:
    assert state(found, name) == "rejected"
    [code] = errors(found, name)
    assert code != "reading-failed"


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_hostile_is_read(name: str, found: Portfolio) -> None:
    assert state(found, name) == "current"
    assert errors(found, name) == []


def test_one_hostile_workbook_alone_harms_nobody(sent: Path) -> None:
    for name in ("bomb.xlsx", "far cell.xlsx", "deep notes.xlsx"):
        alone = read_plans(sent / name, as_of=TODAY, jobs=1)
        assert state(alone, name) == "rejected" and len(errors(alone, name)) == 1


def test_no_process_is_left_large(found: Portfolio) -> None:
    held = [child.memory_info().rss for child in psutil.Process().children() if child.is_running()]
    assert all(size < worker.MEGABYTES * 2**20 for size in held)
    assert not list(Path("/").glob("evil*")) and not list(Path.cwd().parent.glob("evil*"))
