"""What people see: a case, its story and forms, lists, a file to take along; each for one viewer, never optional."""
