"""The centre at work: routing, the SimPy model, and the records a run leaves."""
