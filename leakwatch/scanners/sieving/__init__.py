"""Which pieces can hold anything at all: sieve, automaton, needed characters."""
