"""Files of every format that is read, made in memory."""

import io
import tarfile
import zipfile

import py7zr

HTML = "<html><head><title>工作总结</title></head><body><p>社区开展了科普活动，居民踊跃参加。</p></body></html>"
LINE = "社区开展了科普活动，居民踊跃参加。"


def zipped(members, *, method=zipfile.ZIP_DEFLATED):
    """A zip archive of (name, content) pairs."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def seven_zipped(members, **options):
    """A 7z archive of (name, bytes) pairs; the options are py7zr's."""
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", **options) as archive:
        for name, data in members:
            archive.writestr(data, name)
    return buffer.getvalue()


def tarred(members, mode="w:gz"):
    """A tar archive of (name, content) pairs."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def warc(responses, *, gzip=True):
    """A WARC file of responses: (url, status line, headers, body)."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=gzip)
    for url, status, headers, body in responses:
        head = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url, "response", payload=io.BytesIO(body), http_headers=head, warc_headers_dict={"WARC-Date": "2013-12-20T01:02:03Z"}
        )
        writer.write_record(record)
    return stream.getvalue()


def docx(paragraphs, *, table=(), title=""):
    """A Word document."""
    from docx import Document

    document = Document()
    document.core_properties.title = title
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf(pages):
    """A PDF file with a text layer: each page a list of lines. Its font has no shapes, only the characters' numbers."""
    unicode_map = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        "1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
    )
    streams = []
    for lines in pages:
        shown = "".join(f"BT /F 12 Tf 50 {750 - 20 * i} Td <{line.encode('utf-16-be').hex()}> Tj ET\n" for i, line in enumerate(lines))
        streams.append(shown)
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        "/Supplement 0 >> /DW 1000 >>",
        f"<< /Length {len(unicode_map)} >>\nstream\n{unicode_map}\nendstream",
    ]
    for i, shown in enumerate(streams):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >> /Contents {7 + 2 * i} 0 R >>"
        )
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream")
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{out.rfind(b'xref')}\n%%EOF\n".encode()
