"""Squads' tours of a county made afresh from a seed, and public instances of their daily part."""
