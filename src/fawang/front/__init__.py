"""Front (前台): the doors. HTML and JSON in and out, no rules. Doors do not import doors (all may use `frame`)."""
