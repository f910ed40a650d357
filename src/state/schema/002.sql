-- What the one who takes over objects to, and when; it stays on record after both have signed.
ALTER TABLE handover ADD COLUMN objection TEXT;
ALTER TABLE handover ADD COLUMN objected_at INTEGER NOT NULL DEFAULT 0;
