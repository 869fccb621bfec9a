"""`python -m process_runner` is the same as `process-runner`."""

import sys

from process_runner.cli import main

sys.exit(main())
