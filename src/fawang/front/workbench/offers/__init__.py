"""Services for those who write and publish them: the list, and the pages of one."""
