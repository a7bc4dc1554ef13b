"""The numbers of the paper's figures, read anew from the PDF of the authors' preprint."""
