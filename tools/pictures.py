"""Pictures of every tab of workbooks, to look at: python tools/pictures.py demo --out pictures"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from office import MissingProgram, Office, OfficeError


def main() -> None:
    parser = argparse.ArgumentParser(description="Render every visible tab of workbooks to PNG.")
    parser.add_argument("paths", nargs="+", type=Path, help="workbooks, or folders of them", metavar="PATH")
    parser.add_argument("--out", type=Path, default=Path("pictures"), help="a folder for each workbook comes here")
    parser.add_argument("--dpi", type=int, default=70)
    parser.add_argument("--paper", action="store_true", help="pages as they would be printed, instead of whole tabs")
    options = parser.parse_args()
    books = [book for path in options.paths for book in (sorted(path.rglob("*.xlsx")) if path.is_dir() else [path])]
    try:
        with Office() as office:
            for book in books:
                for picture in office.pictures(book, options.out / book.stem, options.dpi, options.paper):
                    print(picture)
    except (MissingProgram, OfficeError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
