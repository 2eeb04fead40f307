"""What the body of a paper and statements about it add to title and abstract."""
