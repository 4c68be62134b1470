"""The dashboard's tiles: figures of `selectors.dashboard` in words, colours and charts."""
