"""The citizen's site: find a service, apply, follow, answer, move to a window, rate. Phone first, complete without JavaScript."""
