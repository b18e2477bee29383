"""Tests of the contact-centre simulator."""
