"""From a job to a trained network: passes, executions, runners, and what is kept of them."""
