"""How tables look and read: charts, sentences, fonts, colours, languages and downloads."""
