"""Vendored reference data; see README.md for sources and licences."""
