"""What answers over the web: the server, the programming interface, embeds, and what one visitor's session sees."""
