"""Old Office and WPS files."""
