"""What the framework's text says: numbered items to cite, the audit tool's content, the SMART test.

Pure data in our own words. `items` and `citation` give the charts their sources, `tool` the form,
`smart` the check of an action.
"""
