//! Docs/stores.md: its figures are worked out here.
