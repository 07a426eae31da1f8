"""From a question to ranked, calibrated hits: computation only."""

import os

# The matrices are small: a second thread costs more than it brings, spins when the machine is busy, and may round
# differently. numpy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
