/* SPDX-License-Identifier: Apache-2.0 */
#include "state/statements.h"

#define S(name, text) [name] = {name, text}

const struct statement statements[SQL_MAX] = {
    S(SQL_SCHEMA, "SELECT name, type, tbl_name, sql FROM sqlite_schema"
                  " WHERE substr(name, 1, 7) <> 'sqlite_' ORDER BY name, type"),
    S(SQL_META_GET, "SELECT value FROM meta WHERE name = ?1"),
    S(SQL_META_PUT, "INSERT INTO meta (name, value) VALUES (?1, ?2)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
    S(SQL_META_ALL, "SELECT name, value FROM meta ORDER BY name"),
    S(SQL_COUNTER_NEXT, "INSERT INTO counter (name, year, last) VALUES (?1, ?2, 1)"
                        " ON CONFLICT (name, year) DO UPDATE SET last = last + 1 RETURNING last"),
    S(SQL_COUNTER_ALL, "SELECT name, year, last FROM counter ORDER BY name, year"),
    S(SQL_SCOPE_UNITS, "SELECT id FROM unit ORDER BY id"),
    S(SQL_SCOPE_LINKS, "SELECT unit, other, kind, valid_from, valid_to FROM unit_link"
                       " ORDER BY unit, kind, valid_from"),
    S(SQL_UNIT_NAME_AT, "SELECT id, version, created, changed, unit, code, name, short_name,"
                        " valid_from, valid_to, source FROM unit_name WHERE unit = ?1"
                        " ORDER BY valid_from <= ?2 DESC,"
                        " CASE WHEN valid_from <= ?2 THEN -valid_from ELSE valid_from END LIMIT 1"),
    S(SQL_UNIT_PARENT_AT, "SELECT id, version, created, changed, unit, other, kind, valid_from,"
                          " valid_to, subject, source FROM unit_link WHERE unit = ?1 AND kind = 1"
                          " AND valid_from <= ?2 AND valid_to > ?2"
                          " ORDER BY valid_from DESC LIMIT 1"),
    S(SQL_UNIT_CODE_TAKEN, "SELECT 1 FROM unit_name n JOIN unit u ON u.id = n.unit"
                           " WHERE n.code = ?1 AND n.unit <> ?2"
                           " AND n.valid_from < ?4 AND n.valid_to > ?3"
                           " AND u.valid_from < ?4 AND u.valid_to > ?3 LIMIT 1"),
    S(SQL_UNIT_BY_CODE, "SELECT n.unit FROM unit_name n JOIN unit u ON u.id = n.unit"
                        " WHERE n.code = ?1 AND n.valid_from <= ?2 AND n.valid_to > ?2"
                        " ORDER BY u.valid_to DESC LIMIT 1"),
    S(SQL_UNITS_AT, "SELECT id, version, created, changed, kind, area, address, note, valid_from,"
                    " valid_to, invented FROM unit WHERE valid_from <= ?1 AND valid_to > ?1"),
    /* 32 bits of the time of change: more than a hundred thousand rows add up to no overflow */
    S(SQL_UNITS_MARK,
      "SELECT count(*), ifnull(sum(version), 0), ifnull(sum(changed & 4294967295), 0)"
      " FROM (SELECT version, changed FROM unit UNION ALL"
      " SELECT version, changed FROM unit_name UNION ALL"
      " SELECT version, changed FROM unit_link)"),
    S(SQL_UNITS_SPAN,
      "SELECT ifnull(max(CASE WHEN t <= ?1 THEN t END), -9223372036854775807),"
      " ifnull(min(CASE WHEN t > ?1 THEN t END), 9223372036854775807)"
      " FROM (SELECT valid_from AS t FROM unit UNION ALL SELECT valid_to FROM unit UNION ALL"
      " SELECT valid_from FROM unit_name UNION ALL SELECT valid_from FROM unit_link UNION ALL"
      " SELECT valid_to FROM unit_link)"),
    S(SQL_UNIT_NAMES, "SELECT id, version, created, changed, unit, code, name, short_name,"
                      " valid_from, valid_to, source FROM unit_name ORDER BY unit, valid_from"),
    S(SQL_UNIT_PARENTS, "SELECT unit, other FROM unit_link WHERE kind = 1"
                        " AND valid_from <= ?1 AND valid_to > ?1 ORDER BY unit, valid_from"),
    S(SQL_UNIT_CHILD, "SELECT 1 FROM unit_link WHERE other = ?1 AND kind = 1 LIMIT 1"),
    S(SQL_PARENT_STARTS, "SELECT DISTINCT valid_from FROM unit_link WHERE kind = 1"
                         " AND valid_from > ?1"),
    S(SQL_AUDIT_LAST, "SELECT seq, at, received, hash FROM audit ORDER BY seq DESC LIMIT 1"),
    S(SQL_AUDIT_ADD, "INSERT INTO audit (seq, at, received, clock_back, person, unit, role, action,"
                     " thing, \"row\", version, purpose, content, content_hash, hash,"
                     " uid, login, sudo, host, account)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
                     " ?16, ?17, ?18, ?19, ?20)"),
    S(SQL_AUDIT_FROM, "SELECT seq, at, received, clock_back, person, unit, role, action, thing,"
                      " \"row\", version, purpose, content, content_hash, hash,"
                      " uid, login, sudo, host, account FROM audit WHERE seq >= ?1 ORDER BY seq"),
    S(SQL_AUDIT_OF_ROW, "SELECT version, content_hash, action FROM audit"
                        " WHERE \"row\" = ?1 AND thing = ?2 AND action IN ('add', 'change', 'drop')"
                        " ORDER BY seq DESC LIMIT 1"),
    S(SQL_AUDIT_HANDS, "SELECT uid, login, sudo, account FROM audit WHERE \"row\" = ?1"
                       " AND thing = ?2 AND action IN ('add', 'change')"
                       " AND (?3 IS NULL OR person IS NULL OR person <> ?3)"),
    S(SQL_AUDIT_NEWEST, "SELECT received, content FROM audit WHERE \"row\" = ?1 AND action = ?2"
                        " ORDER BY seq DESC LIMIT 1"),
    S(SQL_AUDIT_META,
      "SELECT content_hash FROM audit WHERE \"row\" = ?1 ORDER BY seq DESC LIMIT 1"),
    S(SQL_AUDIT_ERASED, "SELECT seq, content FROM audit WHERE thing = 'audit' AND action = 'erase'"
                        " ORDER BY seq"),
    S(SQL_AUDIT_CLOCK, "SELECT content, at FROM audit WHERE \"row\" = ?1 AND action = 'mend'"
                       " ORDER BY seq"),
    S(SQL_AUDIT_LATER, "SELECT seq, at FROM audit WHERE (at < ?1 OR at > ?2) AND seq >"
                       " (SELECT ifnull(max(seq), 0) FROM audit WHERE \"row\" = ?3"
                       " AND action = 'mend') ORDER BY at DESC LIMIT 1"),
    S(SQL_AUDIT_AT, "SELECT hash FROM audit WHERE seq = ?1"),
    S(SQL_AUDIT_ERASE_RANGE, "SELECT count(*), min(seq), max(seq) FROM audit WHERE received < ?1"
                             " AND content IS NOT NULL AND action NOT IN ('erase', 'mend')"),
    S(SQL_AUDIT_ERASE, "UPDATE audit SET content = NULL WHERE received < ?1"
                       " AND content IS NOT NULL AND action NOT IN ('erase', 'mend')"),
    S(SQL_RESULT_SEAL, "UPDATE result SET sealed = ?1 WHERE sealed = 0"),
    S(SQL_RESULT_OPEN, "SELECT count(*) FROM result WHERE sealed = 0"),
    S(SQL_RESULT_STRAY,
      "SELECT count(*) FROM (SELECT DISTINCT sealed FROM result WHERE sealed <> 0)"
      " WHERE NOT EXISTS (SELECT 1 FROM audit WHERE seq = sealed"
      " AND action = 'seal' AND thing = 'result')"),
    S(SQL_STATUS_PUT, "INSERT INTO status (unit, obligation, computed, start, stop, packed)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (unit, obligation) DO UPDATE"
                      " SET computed = excluded.computed, start = excluded.start,"
                      " stop = excluded.stop, packed = excluded.packed"),
    S(SQL_STATUS_ALL, "SELECT unit, obligation, computed, start, stop, packed FROM status"
                      " ORDER BY unit, obligation"),
    S(SQL_STATUS_UNIT, "SELECT unit, obligation, computed, start, stop, packed FROM status"
                       " WHERE unit = ?1 ORDER BY obligation"),
    S(SQL_GRANTS_NOW, "SELECT unit FROM \"grant\" WHERE person = ?1 AND role = ?2"
                      " AND valid_from <= ?3 AND valid_to > ?3 ORDER BY valid_from, id"),
    S(SQL_VALUE_ADD, "INSERT INTO value (submission, field, \"row\", kind, number, number_i, text)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
    S(SQL_VALUES, "SELECT field, \"row\", kind, number, number_i, text FROM value"
                  " WHERE submission = ?1 ORDER BY field, \"row\""),
    S(SQL_VALUES_COUNT, "SELECT count(*) FROM value WHERE submission = ?1"),
    S(SQL_VALUES_DROP, "DELETE FROM value WHERE submission = ?1"),
    S(SQL_SUBMISSION_LAST,
      "SELECT id FROM submission WHERE form = ?1 AND unit = ?2"
      " AND start < ?4 AND stop > ?3 AND (state = 3 OR state = 2 AND NOT EXISTS"
      " (SELECT 1 FROM submission AS n WHERE n.form = ?1 AND n.unit = ?2"
      " AND n.revises = submission.id AND n.state = 4))"
      " ORDER BY start DESC, sent_at DESC, id LIMIT 1"),
    S(SQL_DELIVERY_BY_TOKEN, "SELECT id FROM delivery WHERE token_hash = ?1"),
    S(SQL_ACK_COUNTS, "SELECT kind, sum(count), max(at) FROM ack WHERE delivery = ?1"
                      " GROUP BY kind"),
    S(SQL_PROOF_OF, "SELECT unit, obligation, start, stop, collected, expires, verdict, strength,"
                    " evidence FROM proof INDEXED BY proof_unit WHERE unit = ?1"
                    " AND obligation = ?2 AND start < ?4 AND stop > ?3 ORDER BY start"),
    S(SQL_PROOF_SCAN, "SELECT unit, obligation, start, stop, collected, expires, verdict,"
                      " strength, evidence FROM proof INDEXED BY proof_unit"
                      " WHERE start < ?2 AND stop > ?1 ORDER BY unit, obligation, start"),
    S(SQL_EVIDENCE_FILES, "SELECT DISTINCT sha256, size FROM evidence WHERE sha256 IS NOT NULL"
                          " ORDER BY sha256"),
    S(SQL_EVIDENCE_NAMED, "SELECT 1 FROM evidence WHERE sha256 = ?1 LIMIT 1"),
    S(SQL_SESSION_ADD, "INSERT INTO session (token, account, form, began, made, seen, ends)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
    S(SQL_SESSION_GET, "SELECT account, began, made, seen, ends, form FROM session"
                       " WHERE token = ?1"),
    S(SQL_SESSION_SET, "UPDATE session SET seen = ?2, ends = ?3 WHERE token = ?1"),
    S(SQL_SESSION_DROP, "DELETE FROM session WHERE token = ?1"),
    S(SQL_SESSION_DROP_ALL, "DELETE FROM session WHERE account = ?1"),
    S(SQL_SESSION_SWEEP, "DELETE FROM session WHERE ends < ?1"),
    S(SQL_INVITATION_ADD, "INSERT INTO invitation (token, account, ends) VALUES (?1, ?2, ?3)"),
    S(SQL_INVITATION_GET, "SELECT account, ends FROM invitation WHERE token = ?1"),
    S(SQL_INVITATION_DROP, "DELETE FROM invitation WHERE account = ?1"),
    S(SQL_INVITATION_SWEEP, "DELETE FROM invitation WHERE ends < ?1"),
    S(SQL_ATTEMPT_GET, "SELECT count, last FROM attempt WHERE name = ?1"),
    S(SQL_ATTEMPT_LIST, "SELECT name, count FROM attempt"
                        " WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT ?2"),
    S(SQL_ATTEMPT_PUT, "INSERT INTO attempt (name, count, last) VALUES (?1, ?2, ?3)"
                       " ON CONFLICT (name) DO UPDATE SET count = excluded.count,"
                       " last = excluded.last"),
    S(SQL_ATTEMPT_DROP, "DELETE FROM attempt WHERE name = ?1"),
    S(SQL_ATTEMPT_SWEEP, "DELETE FROM attempt WHERE last < ?1"),
    S(SQL_ACCOUNT_STEP, "INSERT INTO account_step (account, step) VALUES (?1, ?2)"
                        " ON CONFLICT (account) DO UPDATE SET step = excluded.step"
                        " WHERE excluded.step > account_step.step"),
    S(SQL_OFFSET_GET, "SELECT \"offset\" FROM consumed WHERE consumer = ?1"),
    S(SQL_OFFSET_PUT, "INSERT INTO consumed (consumer, \"offset\") VALUES (?1, ?2)"
                      " ON CONFLICT (consumer) DO UPDATE SET \"offset\" = excluded.\"offset\""),
    S(SQL_ALERT_COUNTS, "SELECT unit, count(*) FROM alert WHERE state = ?1"
                        " AND history = 0 AND suppression IS NULL GROUP BY unit"),
    S(SQL_SUPPRESSION_HITS, "SELECT unit, sum(count), max(last_seen) FROM alert"
                            " WHERE suppression = ?1 GROUP BY unit"),
    S(SQL_POSTS_OF_PERSON,
      "SELECT post FROM layer WHERE id IN"
      " (SELECT layer FROM roster WHERE person = ?1 AND start < ?3 AND stop > ?2"
      "  UNION SELECT layer FROM turn WHERE person = ?1)"
      " UNION SELECT post FROM swap WHERE person = ?1 AND start < ?3"
      " UNION SELECT post FROM swap WHERE other = ?1 AND start < ?3"
      " UNION SELECT post FROM override WHERE person = ?1 AND start < ?3"
      " UNION SELECT post FROM override WHERE other = ?1 AND start < ?3"
      " UNION SELECT post FROM shift WHERE actual = ?1 AND start < ?3 AND stop > ?2"),
    S(SQL_CALL_DUE, "SELECT id FROM call WHERE state < 3 AND due <= ?1 ORDER BY due"),
    S(SQL_CALL_END_ALL, "UPDATE call SET state = 4 WHERE state < 4"),
    S(SQL_CALL_SHIFT, "UPDATE call SET due = due + ?1, began = began + ?1 WHERE state = 1"
                      " AND due < 9223372036854775807"),
    S(SQL_MESSAGE_SHIFT, "UPDATE message SET due = due + ?1 WHERE state = 1"),
    S(SQL_MESSAGE_END_ALL, "UPDATE message SET state = 7 WHERE state < 3"),
    S(SQL_CALL_OPEN,
      "SELECT id, unit, thing FROM call WHERE matter = ?1 AND matter > 1 AND state < 4"
      " ORDER BY began"),
    S(SQL_MESSAGE_DUE, "SELECT id FROM message WHERE state = 1 AND due <= ?1 ORDER BY due"),
    S(SQL_MESSAGE_HANDED, "SELECT id FROM message WHERE state = 2"),
    S(SQL_MESSAGE_CARRIED, "SELECT id FROM message WHERE carrier = ?1"),
    S(SQL_MESSAGE_CODED, "SELECT id FROM message WHERE code = ?1 AND created >= ?2"
                         " AND person IS NOT NULL ORDER BY created DESC LIMIT 1"),
    S(SQL_MESSAGE_WAITING, "SELECT id FROM message WHERE person = ?1 AND channel = ?2"
                           " AND state = 1 AND tries = 0 ORDER BY created LIMIT 1"),
    S(SQL_MESSAGE_RECENT, "SELECT count(*), ifnull(min(created), 0) FROM message WHERE person = ?1"
                          " AND channel = ?2 AND created > ?3 AND created <= ?4 AND state < 6"),
    S(SQL_MESSAGE_WAYS, "SELECT channel, state, CASE WHEN state IN (1, 4, 5) THEN reason ELSE '' "
                        "END AS why, count(*),"
                        " max(max(sent_at, created)) FROM (SELECT channel, state, reason, sent_at, "
                        "created FROM message"
                        " ORDER BY rowid DESC LIMIT ?1) GROUP BY channel, state, why"
                        " ORDER BY channel, state, count(*) DESC"),
    S(SQL_AWAKE_UNTIL, "SELECT ifnull(max(stop), 0) FROM awake WHERE person = ?1 AND start <= ?2"),
    S(SQL_CASE_OF_ALERT, "SELECT incident FROM case_line WHERE alert = ?1 ORDER BY created DESC"
                         " LIMIT 1"),
};
