"""What a number is: the tables, their vocabulary, and the values they rest on (intervals, periods, places)."""
