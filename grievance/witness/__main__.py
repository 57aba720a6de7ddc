"""`python -m grievance.witness`."""

import sys

from grievance.witness.command import main

sys.exit(main(sys.argv[1:]))
