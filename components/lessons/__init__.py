"""The panels of the pages: components/lessons/<chapter>/<page> belongs to pages/<chapter>/<page>.py."""
