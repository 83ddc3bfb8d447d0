"""The dispatch centre (统一调配): who serves an order. Knows no business line and no channel."""
