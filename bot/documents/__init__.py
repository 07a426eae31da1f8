"""Documents to keep or print: reports as PDF."""
