"""S3 Select: in the service where it is offered, else by a local engine that reads the object and nothing else."""
