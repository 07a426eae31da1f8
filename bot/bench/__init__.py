"""Measurements behind `lotse bench`: ratios in one run, never part of a test."""
