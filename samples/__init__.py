"""Sample accounts and filled-in workbooks, for `accountsheet demo` and the tests."""
