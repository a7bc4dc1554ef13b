"""The network of 1998 at work: new upper layers on top of it, and what it says of the paper.

`train_top` trains C5 and F6 on lower layers that are held; `tops` says on which, and how such
trainings begin and are kept; `revival` counts what the networks misread. `beside_ours`
lays the recovered parameters beside ours. `pictures` draws.
"""
