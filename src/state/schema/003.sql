-- What the form's limits said of a submission when it was sent, what it says has happened, and the
-- sheet that it came in on.
ALTER TABLE submission ADD COLUMN judged TEXT;
ALTER TABLE submission ADD COLUMN events TEXT;
ALTER TABLE submission ADD COLUMN sheet TEXT;
