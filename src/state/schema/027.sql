-- In which language a person is told (enum state_lang, 0: they did not choose).
ALTER TABLE person ADD COLUMN lang INTEGER NOT NULL DEFAULT 0;
