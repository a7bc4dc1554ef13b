"""The study ``photos``: how well digits are read in pictures that are no scans.

The pictures are made of MNIST's test patterns, so that the right answer is known: a pattern becomes
a pen's stroke on a sheet, the sheet is lit, soiled, ruled, and taken by a camera.
"""
