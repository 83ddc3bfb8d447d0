"""Chat duty: the queue, the conversations, and answers to be published without the people in them."""
