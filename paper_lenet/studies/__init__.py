"""Studies: many trainings that differ in what a grid varies, and the files that come of them.

From the bottom up: `grid` (what ``studies/NAME.yaml`` asks for, a list of jobs), `store` (finished
and unfinished jobs, by the digest of all that decides them), `run` (the jobs on the cores of this
machine), `cluster` (the same jobs on a Dask cluster), `measure` (what is read off a trained
network), `record` (the files of results).
"""
