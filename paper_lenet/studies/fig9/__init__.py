"""Fig. 9 whole: every classifier that the paper compares, trained anew on the same digits.

``studies/fig9.yaml`` says what each is: the bar of the figure that it stands for, the form of its
inputs, its kind and settings.
"""
