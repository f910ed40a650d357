CREATE INDEX alert_suppressed ON alert (suppression) WHERE suppression IS NOT NULL;
