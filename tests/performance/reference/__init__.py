"""The reference beside every figure: a bare view with one indexed query behind the same server.

Served by the same granian over the same database, settings and middleware, only without the
product's own gate. It adds no route to the product: the settings name another urlconf.
"""
