"""The single login: accounts, roles in schools, sessions, the gate."""
