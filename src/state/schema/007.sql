-- When each step was recorded, beside when it is said to have happened. 0: before this was kept.
ALTER TABLE leave ADD COLUMN approved_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE layer ADD COLUMN approved_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE swap ADD COLUMN agreed_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE swap ADD COLUMN approved_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE override ADD COLUMN approved_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN accepted_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN confirmed_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE exemption ADD COLUMN approved_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE exception ADD COLUMN approved_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submission ADD COLUMN sent_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submission ADD COLUMN approved_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN accepted_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN arrived_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN answered_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN closed_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE review ADD COLUMN signed_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "order" ADD COLUMN done_recorded INTEGER NOT NULL DEFAULT 0;
