"""Beginnings and upkeep: accounts, organisations, programmes and rosters, their record, backups, verification."""
