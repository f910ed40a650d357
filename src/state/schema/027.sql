ALTER TABLE person ADD COLUMN lang INTEGER NOT NULL DEFAULT 0; -- of messages to them, enum state_lang; 0: none chosen
