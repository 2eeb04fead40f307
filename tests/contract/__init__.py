"""The contract of the two stores: the same graph, the same answers; what the tests named test_contract_… share."""
