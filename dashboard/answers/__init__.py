"""Everything that a view, the overview and a page of sources show, made once from one table."""

from dashboard.answers.explore import Answer, Choices, answer, chart, choices, choices_beside
