"""ChatLab's exchange format and messengers from abroad."""
