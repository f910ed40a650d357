-- The queue of alerts: newest first, and how many wait in each unit.
CREATE INDEX alert_newest ON alert (last_seen DESC, id);
CREATE INDEX alert_state_newest ON alert (state, last_seen DESC, id);
CREATE INDEX alert_state_unit ON alert (state, unit);
