"""Which pieces can hold anything at all: a glance at all, then what their rules need."""
