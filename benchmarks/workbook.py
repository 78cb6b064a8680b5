"""A workbook of many rows: as the product writes it, and as the library writes it cell by cell, in one run.

    python benchmarks/workbook.py [--rows 60000] [--columns 28]

Prints processor seconds of both and their ratio; ends with 1 when the sheets hold other values.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import xlsxwriter  # noqa: E402

from nanglucso.kit.spreadsheets import Column, OutSheet, read_sheets, write_xlsx  # noqa: E402

WORDS = ("đạt", "chưa đạt", "chưa đủ căn cứ", "không yêu cầu")


def rows(count: int, columns: int) -> Iterator[list[Any]]:
    """A name, a number and words that come back, as the list of everybody has them."""
    for n in range(count):
        yield [f"Người Thử {n:05d}", n, *(WORDS[(n * 7 + c) % len(WORDS)] for c in range(columns - 2))]


def ours(target: Path, count: int, columns: int) -> None:
    """The product's way."""
    heads = [Column(f"c{n}") for n in range(columns)]
    write_xlsx(target, [OutSheet("A", heads, rows(count, columns))])


def cell_by_cell(target: Path, count: int, columns: int) -> None:
    """The library's way, row by row on the disk as well."""
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet, style = book.add_worksheet("A"), book.add_format({"num_format": "@", "valign": "top"})
        for n, values in enumerate([[f"c{n}" for n in range(columns)], *rows(count, columns)]):
            for at, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(n, at, value, style)
                else:
                    sheet.write_number(n, at, value, style)


def main() -> int:
    """Both ways once, their files compared."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--columns", type=int, default=28)
    args = parser.parse_args()
    seconds, told_by = [], []
    with tempfile.TemporaryDirectory() as folder:
        for way in (ours, cell_by_cell):
            target, begin = Path(folder, f"{way.__name__}.xlsx"), time.process_time()
            way(target, args.rows, args.columns)
            seconds.append(time.process_time() - begin)
            told_by.append(list(read_sheets(target)[0].rows))
    one, other = told_by
    told = {"ours_s": round(seconds[0], 2), "cell_by_cell_s": round(seconds[1], 2)}
    print(json.dumps(told | {"ratio": round(seconds[1] / seconds[0], 2), "equal": one == other}))
    return int(one != other)


if __name__ == "__main__":
    sys.exit(main())
