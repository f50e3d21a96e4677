"""What exists in Azure Machine Learning, and what lies beside it."""
