-- Signed on both sides by one hand (identity.h): then it stays declared.
ALTER TABLE handover ADD COLUMN one_hand INTEGER NOT NULL DEFAULT 0;
ALTER TABLE swap ADD COLUMN one_hand INTEGER NOT NULL DEFAULT 0;
