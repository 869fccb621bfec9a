"""What speaks to the database: the only modules that know SQLAlchemy and a driver."""
