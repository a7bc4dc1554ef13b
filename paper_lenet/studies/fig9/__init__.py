"""Fig. 9, redone: every classifier that the paper compares, on the same digits (Section III-C).

``studies/fig9.yaml`` says what each is; a kind of classifier is a module with its settings and
`fit`, or a network that Appendix C trains.
"""
