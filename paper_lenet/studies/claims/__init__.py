"""The claims ledger: every statement of the paper on isolated digits that can be tested.

Sections II and III and Appendices A to C. The claims stand in ``claims.yaml``, each with a printed
value, a place, a test and a tolerance with its reason, the same whatever the results are. It ends
as reproduced, as compatible where the test sees too little (`power`), not reproduced, or not
testable with public data. One whose results are not there yet, or of too few seeds, says what it
waits for, and counts as none of these.
"""
