-- How many wait is counted state by state; lists of cases begin anywhere by index.
DROP INDEX alert_live_unit;
CREATE INDEX alert_live_unit ON alert (state, unit, last_seen DESC, id)
    WHERE history = 0 AND suppression IS NULL;
CREATE INDEX case_newest ON "case" (opened DESC, id);
CREATE INDEX case_open ON "case" (opened DESC, id) WHERE state < 6;
-- The posts at which somebody stands, stood, or stands in.
CREATE INDEX shift_actual ON shift (actual, start);
CREATE INDEX swap_person ON swap (person, start);
CREATE INDEX swap_other ON swap (other, start);
CREATE INDEX override_person ON override (person, start);
CREATE INDEX override_other ON override (other, start);
