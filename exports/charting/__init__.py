"""Drawings of a campaign in time: what they say, the scale of days, the sheets."""
