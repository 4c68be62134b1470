"""Draws one page of a PDF: `python -m core.previews.pdf_page FILE PAGE` writes a PNG to standard output.

A program of its own, so that a hostile PDF crashes or starves nothing but itself.
"""

import resource
import struct
import sys
import zlib

WIDTH = 1000
LIMIT_SECONDS, LIMIT_BYTES = 10, 2**30


def limit_itself() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def png(width: int, height: int, stride: int, rgb: bytes) -> bytes:
    """A PNG of 24-bit rows that lie `stride` bytes apart."""
    rows = b"".join(b"\x00" + rgb[y * stride : y * stride + width * 3] for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 6))
        + chunk(b"IEND", b"")
    )


def draw(path: str, number: int) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), 2 * WIDTH / max(height, 1))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    return png(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))


def pages_of(path: str) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(path))


def main() -> int:
    path, number = sys.argv[1], int(sys.argv[2])
    limit_itself()
    if number == 0:
        sys.stdout.write(str(pages_of(path)))
        return 0
    sys.stdout.buffer.write(draw(path, number))
    return 0


if __name__ == "__main__":
    sys.exit(main())
