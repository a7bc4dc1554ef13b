"""The network of 1998, recovered from its own figure.

Fig. 13 shows every state of a trained LeNet-5 for nine inputs. From the bottom up: `palette` and
`drawing` (how states became grey levels), `probit` (maximum likelihood for units of which only an
interval is known), `forward` and `recover` (the layers, one after another), `calibrate` (the
drawing's scale), `heldout`, `bootstrap`, `profile` and `table_one` (what the panels say), `panels`
and `recovered` (all of it). `ours`, `network` and `truth` are networks of ours as a check,
`known_truth` its tables. `record`, `edges`, `c5` and `file` are what is written, `quantities`
what is compared with ours.
"""
