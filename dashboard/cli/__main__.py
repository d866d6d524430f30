"""`python -m dashboard.cli` is `transparency`."""

import sys

from dashboard.cli import main

sys.exit(main())
