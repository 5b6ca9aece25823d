"""Workbooks broken at random: their bytes, the parts of their zip, the XML in these, the records of old ones."""

from __future__ import annotations

import io
import random
import re
import zipfile

Tokens = list[bytes]
Parts = list[tuple[str, bytes, int]]

NASTY = [
    *("", " ", "0", "-1", "1", "3", "65536", "4294967296", "99999999999999999999", "1e308", "-1E+300", "NaN", "inf", "0.5"),
    *("A1", "C6", "a0", "XFD1048576", "ZZZZ9999999999", "A1:XFD1048576", "$B$2", "rId1", "rId2", "true", "2958466", "-693594"),
    *("s", "str", "inlineStr", "e", "b", "d", "n", "#REF!", "#SPILL!", "#N/A", "=1+1", "+1", "2026-13-45T99:99:99Z"),
    *("float", "string", "date", "percentage", "1048576", "P1DT25H", "PT-1S", "é漢🎈", "١٢٣", "_x0041_", "_x0000_", "\t\n"),
    *("&#0;", "&#x1F;", "&#10;", "&amp;amp;", "&lt;b&gt;", "&nope;", "&l9;", "../../etc/passwd", "/xl/x.xml", "x" * 40_000),
    *("accountsheet|", "facts/motto", "deals#end", "deals/1", "visible", "veryHidden", "worksheets/sheet2.xml", "mailto:a@b"),
]  # fmt: skip
NAMES = ["", "../x", "/etc/x", "C:\\x", "xl\\workbook.xml", "XL/WORKBOOK.XML", "x" * 300, "é/漢.xml", "a\0b", "content.xml"]
SPACES = ["http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main", "urn:x"]
LAUGHS = "<!DOCTYPE x [<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"

# --------------------------------------------------------------------------------------------------------- bytes


def broken_bytes(data: bytes, chance: random.Random) -> bytes:
    """Break a file or a part of one, whatever it holds."""
    out = bytearray(data)
    at = chance.randrange(len(out)) if out else 0
    span = chance.choice([1, 2, 4, 16, 300, 5_000])
    match chance.randrange(7):
        case 0:
            for _ in range(chance.choice([1, 3, 30])):
                out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
        case 1:
            out[at : at + span] = b""
        case 2:
            out[at:at] = out[at : at + span]
        case 3:
            out[at : at + span] = bytes(span)
        case 4:
            size = chance.choice([2, 4, 8])
            out[at : at + size] = chance.choice([0, 1, 255, 256, 65_535, 2**31 - 1, 2**32 - 1]).to_bytes(8, "little")[:size]
        case 5:
            del out[at:]
        case 6:
            at = chance.choice([0, len(out)])
            out[at:at] = chance.randbytes(span)
    return bytes(out)


def lying_directory(data: bytes, chance: random.Random) -> bytes:
    """Let the zip's own directory say something else."""
    places = [each.start() for each in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", data)]
    out, start = bytearray(data), chance.choice(places)
    size = chance.choice([1, 2, 4])
    at = start + chance.randrange(4, 44)
    out[at : at + size] = chance.choice([0, 1, 8, 9, 255, 65_535, 2**31, 2**32 - 1, len(data)]).to_bytes(4, "little")[:size]
    return bytes(out)


def broken_records(data: bytes, chance: random.Random) -> bytes:
    """Break a record or two of an old workbook, and leave the file around them whole."""
    import olefile

    buffer = io.BytesIO(data)
    old = olefile.OleFileIO(buffer, write_mode=True)
    stream = bytearray(old.openstream("Workbook").read())
    places, at = [], 0
    while at + 4 <= len(stream):
        places.append(at)
        at += 4 + int.from_bytes(stream[at + 2 : at + 4], "little")
    for _ in range(chance.choice([1, 1, 2, 10])):
        at = chance.choice(places) + chance.choice([0, 2, *range(4, 24)])
        size = chance.choice([1, 2, 4])
        value = chance.choice([0, 1, 127, 255, 256, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, chance.randrange(2**32)])
        if at + size <= len(stream):
            stream[at : at + size] = value.to_bytes(4, "little")[:size]
    old.write_stream("Workbook", bytes(stream))
    return buffer.getvalue()


# ----------------------------------------------------------------------------------------------------------- XML


def any_tag(tokens: Tokens, chance: random.Random) -> int:
    """Choose a tag that begins something, cells before others."""
    tags = [at for at in range(1, len(tokens), 2) if re.match(rb"<\w", tokens[at])]
    cells = [at for at in tags if re.match(rb"<(?:\w+:)?(?:c|row|v|t|si|f|table-cell|p) ?", tokens[at])]
    return chance.choice(cells if cells and chance.random() < 0.5 else tags)


def end_of(tokens: Tokens, start: int) -> int:
    """Find where what a tag begins ends."""
    name, depth = re.match(rb"<([^\s/>]*)", tokens[start])[1], 0
    for at in range(start, len(tokens), 2):
        if re.match(rb"</?" + re.escape(name) + rb"[\s/>]", tokens[at]):
            depth += 0 if tokens[at].endswith(b"/>") else -1 if tokens[at].startswith(b"</") else 1
        if depth == 0:
            return at
    return start


def attribute(tokens: Tokens, chance: random.Random) -> None:
    """Drop, double, change or swap attributes."""
    at = any_tag(tokens, chance)
    pairs = re.findall(rb'\s([\w:.-]+)="([^"]*)"', tokens[at])
    if not pairs:
        return
    name, value = chance.choice(pairs)
    old, nasty = b' %s="%s"' % (name, value), chance.choice(NASTY).encode()
    other, its = chance.choice(pairs)
    new = chance.choice([b"", old + old, b' %s="%s"' % (name, nasty), b" %s='%s'" % (name, value), b' %s="%s"' % (name, its),
                         b' %s="%s"' % (name, nasty), b' %s="%s"' % (other, value), b" x:%s=\"%s\"" % (name, value)])  # fmt: skip
    tokens[at] = tokens[at].replace(old, new, 1)


def element(tokens: Tokens, chance: random.Random) -> None:
    """Remove, double, move or rename an element."""
    start = any_tag(tokens, chance)
    end = end_of(tokens, start) + 1
    whole = tokens[start:end]
    match chance.randrange(5):
        case 0:
            tokens[start:end] = [b""]
        case 1:
            tokens[end:end] = [b"", *whole] * chance.choice([1, 1, 3, 2_000 if len(whole) < 20 else 1])
        case 2:
            at = any_tag(tokens, chance)
            tokens[start:end] = [b""]
            at = at if at < start else max(start, at - len(whole) + 1)
            tokens[at:at] = [*whole, b""]
        case 3:
            tokens[start] = re.sub(rb"^<[^\s/>]+", b"<" + chance.choice([b"x", b"c", b"row", b"v", b"is", b"f"]), tokens[start])
        case 4:
            tokens[start] = b""


def text(tokens: Tokens, chance: random.Random) -> None:
    """Change a text."""
    at = any_tag(tokens, chance)
    nasty = chance.choice(NASTY).encode()
    tokens[at + 1] = chance.choice([nasty, nasty, nasty, b"<![CDATA[%s]]>" % tokens[at + 1], b"<!-- %s -->" % tokens[at + 1],
                                    tokens[at + 1] + b"<?x y?>", tokens[at + 1] + b"<x/>" + nasty])  # fmt: skip


def broken_xml(part: bytes, chance: random.Random) -> bytes:
    """Break a part that is XML."""
    if chance.random() < 0.1:
        return in_other_words(part, chance)
    tokens = re.split(rb"(<[^>]*>)", part)
    for _ in range(chance.choice([1, 1, 1, 2, 6])):
        if any(re.match(rb"<\w", each) for each in tokens[1::2]):
            chance.choice([attribute, attribute, element, text])(tokens, chance)
    return b"".join(tokens)


def in_other_words(part: bytes, chance: random.Random) -> bytes:
    """Give a whole part another encoding, name space, prefix or head."""
    head, mark, rest = part.partition(b"?>")
    match chance.randrange(7):
        case 0:
            return part.decode("utf-8", "replace").replace("UTF-8", "UTF-16").encode(chance.choice(["utf-16", "utf-16-le"]))
        case 1:
            return b"\xef\xbb\xbf" + part
        case 2:
            return part.replace(b"UTF-8", chance.choice([b"ISO-8859-1", b"utf-7", b"x-none", b"US-ASCII", b"cp037"]), 1)
        case 3:
            return head + mark + LAUGHS.encode() + re.sub(rb">[^<]+<", b">&l11;<", rest, count=1)
        case 4:
            return re.sub(rb'xmlns="[^"]*"', b'xmlns="%s"' % chance.choice(SPACES).encode(), part, count=1)
        case 5:
            return re.sub(rb"<(/?)(?=[a-zA-Z])(?!\w+:)", rb"<\1x:", part).replace(b"xmlns=", b"xmlns:x=", 1)
        case _:
            return rest if chance.random() < 0.5 else b"\n" + part + b" " * chance.choice([1, 10**6])


# ----------------------------------------------------------------------------------------------------------- zip


def broken_parts(data: bytes, chance: random.Random) -> bytes:
    """Break one part of a workbook's zip, or what the zip says of it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: Parts = [(info.filename, archive.read(info), info.compress_type) for info in archive.infolist()]
    xml = [at for at, (name, _, _) in enumerate(parts) if name.endswith((".xml", ".rels"))]
    filled = [at for at in xml if re.search(r"sheets/sheet|sharedStrings|content\.xml", parts[at][0])]
    at = chance.choice(filled if chance.random() < 0.6 else xml)
    name, content, packing = parts[at]
    if chance.random() < 0.85:
        parts[at] = name, broken_xml(content, chance), packing
    else:
        other = chance.randrange(len(parts))
        match chance.randrange(5):
            case 0:
                del parts[at]
            case 1:
                parts.append((name, chance.choice([content, parts[other][1]]), packing))
            case 2:
                parts[at] = chance.choice(NAMES), content, packing
            case 3:
                parts[at], parts[other] = (name, parts[other][1], packing), (parts[other][0], content, packing)
            case 4:
                parts[at] = name, broken_bytes(content, chance), chance.choice([0, 8, 12, 14])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compresslevel=1) as archive:
        for name, content, packing in parts:
            archive.writestr(zipfile.ZipInfo(name or "x"), content, packing)
    return out.getvalue()


def broken(data: bytes, chance: random.Random) -> bytes:
    """Break a workbook."""
    if not data.startswith(b"PK"):
        return chance.choice([broken_records, broken_records, broken_bytes])(data, chance)
    how = chance.choices([broken_parts, broken_bytes, lying_directory], [90, 5, 5])[0]
    return how(data, chance)
