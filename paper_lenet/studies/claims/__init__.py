"""The claims ledger: every statement of the paper on isolated digits that can be tested.

Sections II and III and Appendices A to C. The claims stand in ``claims.yaml``, each with a printed
value, a place, a test and a tolerance with its reason, the same whatever the results are. It ends
as reproduced, not reproduced, or not testable with public data. One whose results are not there yet
says how they are made, and counts as neither.
"""
