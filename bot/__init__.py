"""Lotse: a multilingual assistant for municipal integration work, answering from a curated knowledge base."""
