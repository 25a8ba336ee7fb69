"""How fast leakwatch is beside what else one could use: ratios of CPU time, all in one run."""
