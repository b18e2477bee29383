"""A discrete-event contact-centre simulator."""

__version__ = "0.1.0"
