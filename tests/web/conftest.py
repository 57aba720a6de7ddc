"""Here one signs in and files in order to do something else."""

from tests.remembered import hashed_once

__all__ = ["hashed_once"]
