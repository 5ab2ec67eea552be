"""What tests share: an office with people and cases, driven through the service alone."""
