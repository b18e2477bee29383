"""The floor before a class: a live page, and lessons in one offline file.

What moves on the screen is the engine's own contact and activity tables (`day`, `scene`);
a slider lays a change over a scenario as a planner would (`sliders`, `changing`); what the
formulas promised stands beside (`promise`). `app` and `serve` answer a browser, `grid` writes
the same scenes into one file.
"""
