"""Who does what: one verb, one function, one transaction. Every verb takes the desk, and nearly every one a viewer."""
