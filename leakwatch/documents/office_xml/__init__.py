"""Office documents written as XML that is not Microsoft's package: OpenDocument, UOF and the flat files."""
