"""The version of facebridge; the packaging reads it from here."""

VERSION = "0.1.0"
