"""Every drawing: each takes arrays or rows and reads no file; each for light and dark pages."""
