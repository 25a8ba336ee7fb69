"""WeCom, Feishu, DingTalk and WeLink."""
