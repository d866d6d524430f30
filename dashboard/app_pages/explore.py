"""Explore: choose series, see them over time, in two periods, ranked, side by side, on a map or as a table."""

from dashboard.app_pages import explore_answer, explore_parts

explore_parts.bar(explore_parts.opened_view())
explore_answer.show()
