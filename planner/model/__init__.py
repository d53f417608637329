"""Nouns only: frozen dataclasses for what goes in (Campaign) and what comes out (Plan)."""
