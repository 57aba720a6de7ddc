"""Where things are kept: tables, the ledger, queries. It keeps envelopes and cannot open one."""
