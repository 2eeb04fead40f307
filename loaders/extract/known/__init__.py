"""Names that are known beforehand: the lexicon, families of models, names coined by other papers."""
