"""What all tests share: laws repeat exactly, and a slow machine is not a failure."""

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
