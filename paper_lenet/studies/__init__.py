"""The studies, one module a question: what varies, what is analysed, what is drawn from it."""
