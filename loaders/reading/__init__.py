"""What loaders of several formats share: records out of files, values out of records, citations out of texts."""
