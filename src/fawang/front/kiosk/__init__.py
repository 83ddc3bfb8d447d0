"""The kiosk's door (自助终端): the portal on a screen in a hall, for one visitor after another."""
