-- The night before may have written more than the database has looked at yet, and its plans for the month rest on that.
analyze usage_journal, monthly_cost
