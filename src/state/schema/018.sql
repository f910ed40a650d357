-- Written while the clock was in doubt: by a node, which goes on.
ALTER TABLE result ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alert ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0;
