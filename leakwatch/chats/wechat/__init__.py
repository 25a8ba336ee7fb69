"""WeChat's own text and what its exporters write."""
