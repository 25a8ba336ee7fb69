"""The review page: Django views over the store, in Chinese, served on the loopback address by default."""
