"""Back (后台): one folder a business line, over the desk they share (`casework`). Knows no channel."""
