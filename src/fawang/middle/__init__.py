"""Middle (中台): who serves it, is it served well, what comes next. Knows no business line."""
