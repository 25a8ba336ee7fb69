BEGIN;
CREATE TABLE IF NOT EXISTS weflow_messages (
  session_id TEXT NOT NULL,
  local_id TEXT,
  message_id TEXT,
  create_time BIGINT NOT NULL,
  sender TEXT,
  is_send BOOLEAN NOT NULL,
  local_type INTEGER,
  media_type TEXT,
  content TEXT,
  media_path TEXT
);
CREATE INDEX IF NOT EXISTS idx_weflow_messages_session_time ON weflow_messages (session_id, create_time);
INSERT INTO weflow_messages (session_id, local_id, message_id, create_time, sender, is_send, local_type, media_type, content, media_path) VALUES ('39000000060@chatroom', '1', '7000000000000000001', 1767232800, 'wxid_a', FALSE, 1, NULL, '明天下午三点开会', NULL);
INSERT INTO weflow_messages (session_id, local_id, message_id, create_time, sender, is_send, local_type, media_type, content, media_path) VALUES ('39000000060@chatroom', '2', '7000000000000000002', 1767232860, 'wxid_b', FALSE, 1, NULL, '附件说''秘密★10年''
不要外传', NULL);
INSERT INTO weflow_messages (session_id, local_id, message_id, create_time, sender, is_send, local_type, media_type, content, media_path) VALUES ('39000000060@chatroom', '3', '7000000000000000003', 1767232900, 'wxid_b', FALSE, 3, 'image', '[图片]', NULL);
COMMIT;
