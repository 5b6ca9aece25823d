"""The command line, a module for each command. Results go to stdout, messages and progress to stderr."""

from __future__ import annotations

import click

from accountsheet.cli.blueprint import blueprint
from accountsheet.cli.check import check
from accountsheet.cli.compare import compare
from accountsheet.cli.demo import demo
from accountsheet.cli.doctor import doctor
from accountsheet.cli.generate import generate
from accountsheet.cli.import_ import import_
from accountsheet.cli.portfolio import portfolio
from accountsheet.cli.renew import renew
from accountsheet.cli.return_ import return_


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="accountsheet")
def main() -> None:
    """Account plans as spreadsheets: workbooks out, answers back in, one summary for management.

    \b
    accountsheet demo                                    the whole round on invented samples
    accountsheet generate --starter accounts.csv         an accounts file to fill in
    accountsheet generate overview-sheet --accounts accounts.csv --out plans
    accountsheet check plans                             what is wrong with them
    accountsheet doctor acme.xlsx                        one workbook explained in plain words
    accountsheet return plans --out returned             sent back: what is wrong marked, and listed
    accountsheet import plans --out tables               into tables for pandas, Excel, DuckDB
    accountsheet portfolio plans --out summary.xlsx      one workbook for management
    accountsheet renew plans --out next --year 2027      next year's workbooks from this year's
    accountsheet compare plans next                      what changed, answer by answer
    """


for command in (demo, blueprint, generate, check, doctor, return_, import_, portfolio, renew, compare):
    main.add_command(command)
