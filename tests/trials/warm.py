"""Imported once where other processes are forked from: the law is read and proved there, and not in each of them."""

from __future__ import annotations

from tests import makers

makers.law()
