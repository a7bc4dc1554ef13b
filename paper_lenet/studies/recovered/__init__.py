"""The network of 1998, recovered from its own figure.

Fig. 13 shows every state of a trained LeNet-5 for nine inputs. From the bottom up: `palette` and
`drawing` (how states became grey levels), `probit` (maximum likelihood for units of which only an
interval is known), `forward` and `recover` (the layers, one after another), `calibrate` (the
drawing's scale), `heldout`, `bootstrap` and `table_one` (what the panels say), `network` and
`truth` (networks of ours as a check), `known`, `panels`, `record` and `file` (what is written),
`profile` (are the intervals' ends right?), `upper` and `revival` (C5 and F6 trained on top of it),
`evidence` (what it says of the open places), `pictures`.
"""
