"""QQ's own records and what QQ Chat Exporter writes."""
