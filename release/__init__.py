"""The offline install bundle: all that a machine without a network needs, in one file."""
