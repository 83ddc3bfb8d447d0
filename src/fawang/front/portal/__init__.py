"""The citizen's site: find a service, apply, follow, act, rate. Phone first, complete without JavaScript."""
