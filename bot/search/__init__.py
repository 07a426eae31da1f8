"""From a question to ranked, calibrated hits: computation only."""
