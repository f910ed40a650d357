-- Results of checks under entries of the audit: which entry holds the hash of the row; 0: none yet.
ALTER TABLE result ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX result_sealed ON result (sealed, id);
