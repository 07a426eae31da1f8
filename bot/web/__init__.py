"""The HTTP listener: webhook, health and metrics."""
