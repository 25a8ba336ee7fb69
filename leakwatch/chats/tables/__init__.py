"""CSV and workbooks, told by their header."""
