-- Only live alerts wait: not history, not suppressed. Lists begin anywhere by index.
DROP INDEX alert_state_newest;
DROP INDEX alert_state_unit;
CREATE INDEX alert_live ON alert (state, last_seen DESC, id)
    WHERE history = 0 AND suppression IS NULL;
CREATE INDEX alert_live_unit ON alert (unit, state, last_seen DESC, id)
    WHERE history = 0 AND suppression IS NULL;
CREATE INDEX alert_open ON alert (last_seen DESC, id)
    WHERE history = 0 AND suppression IS NULL AND state < 3;
CREATE INDEX alert_history ON alert (last_seen DESC, id) WHERE history = 1;
CREATE INDEX alert_unit_newest ON alert (unit, last_seen DESC, id);
CREATE INDEX alert_code ON alert (code);
