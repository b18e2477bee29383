"""All randomness of a run, drawn before it, every draw at its own address."""
