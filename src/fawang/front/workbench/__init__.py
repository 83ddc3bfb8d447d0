"""The workbench: where staff find, judge, dispatch, work on and supervise orders."""
