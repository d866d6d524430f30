"""The layouts we know, declared in TOML; a module exports, as `LAYOUTS`, what cannot be declared."""
