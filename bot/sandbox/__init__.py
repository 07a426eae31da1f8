"""A strict Bot API on this machine, with a chat page; imports nothing else of Lotse."""
