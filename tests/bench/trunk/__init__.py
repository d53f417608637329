"""The departures of a county season, made afresh from a seed, and how near to its bound a plan comes."""
