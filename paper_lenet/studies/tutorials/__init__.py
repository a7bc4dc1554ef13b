"""The networks that tutorials call LeNet-5, each as its author wrote it, trained in PyTorch.

They are laid beside the paper's network: other squashing, pooling, loss, optimiser and batch, and
sometimes other data. ``studies/tutorials.yaml`` says what each is; nothing about one is in code.
"""
