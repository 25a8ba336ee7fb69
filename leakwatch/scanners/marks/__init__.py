"""Classification marks and those who speak of them."""
