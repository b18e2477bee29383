"""What a planner writes down: frozen, validated objects."""
