"""A county's season of job fairs, made afresh from a seed, and how near to its bound a plan comes."""
