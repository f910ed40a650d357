-- Who was at the machine when an entry was written, inside its hash (canh-audit-2); uid -1: an entry
-- of version 1, which has none of it.
ALTER TABLE audit ADD COLUMN uid INTEGER NOT NULL DEFAULT -1;
ALTER TABLE audit ADD COLUMN login TEXT;
ALTER TABLE audit ADD COLUMN sudo TEXT;
ALTER TABLE audit ADD COLUMN host TEXT;
ALTER TABLE audit ADD COLUMN account TEXT;
-- Approved by the hand that sent it: then it stays declared.
ALTER TABLE submission ADD COLUMN one_hand INTEGER NOT NULL DEFAULT 0;
