"""The map's workshop: paper, ground, styles, lanes, labels, ink; ``exports/map.py`` hands the sheets out."""
