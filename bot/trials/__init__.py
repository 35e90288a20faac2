"""The prompt tried before anything is trained: the base asked on rows that it has not seen."""
