"""One function a use case, each a plain function of an open transaction."""
