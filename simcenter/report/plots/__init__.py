"""Plots: each a function from frozen inputs to a figure, in English or Chinese.

Importing this imports matplotlib; nothing else in the package does.
"""
