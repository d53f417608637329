"""This engine beside the routing libraries, at equal time on the same cores. Run it with ``dev.py bench``."""
