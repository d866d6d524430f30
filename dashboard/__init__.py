"""Government requests for user data, as published: figures, documents and the statements that cite them."""
