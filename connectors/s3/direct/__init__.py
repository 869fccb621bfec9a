"""The everyday requests, sent without botocore's client, which costs twenty times as much as what has to be done.

`api` takes botocore's arguments and gives its answers and errors, so nobody above can tell the two apart; what it does
not know, botocore does.
"""
