"""Messages as bytes, good and broken, with what a decoder must make of them. README.md describes the files."""
