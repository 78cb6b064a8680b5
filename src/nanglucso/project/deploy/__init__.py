"""Files for nginx, systemd, PostgreSQL and Prometheus out of one settings file."""
