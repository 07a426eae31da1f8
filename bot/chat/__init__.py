"""The only code that knows Telegram: receive, send, and one file a feature."""
