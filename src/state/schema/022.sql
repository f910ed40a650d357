-- A roster made and approved by one hand, a shift that another hand entered (identity.h): declared.
ALTER TABLE layer ADD COLUMN one_hand INTEGER NOT NULL DEFAULT 0;
ALTER TABLE shift ADD COLUMN entered_by TEXT;
