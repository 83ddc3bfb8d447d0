"""Who people are, how they log in, and for whom they may act."""
