"""What several export formats share: streams, placeholders, forwards, times."""
