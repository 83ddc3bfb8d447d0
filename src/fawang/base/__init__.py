"""Base (底座): the nouns that every floor above stands on."""
