"""The questions that a planner asks: a file or a folder each. Each plays plans and answers with a finding."""
