"""Law popularisation and village counsel (普法与村居法律顾问): talks, events, volunteers, visits, reviews of rules."""
