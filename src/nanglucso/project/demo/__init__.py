"""The demonstration city: 2,000 made-up people in real units, with a year already lived, made through the services."""
