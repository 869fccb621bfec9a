"""Process tests: files beside a process that say what goes in, what answers, and what has to come out."""
