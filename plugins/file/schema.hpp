// Tables of file. Expand-only; on a TeamTalk database IMTransmitFile is there already and stays as it is.
#pragma once

namespace file::schema {

// file_task: a transfer that has not ended. mode: 1 online, 2 offline. state: 0 open, 1 the file is committed under its
// name, 2 it is being removed. How much of it has come is the size of the unfinished file. IMTransmitFile: what a
// recipient is told to have waiting.
inline constexpr char tasks[] = R"(
CREATE TABLE IF NOT EXISTS file_task(
  task_id {bytes:36} NOT NULL,
  from_id {u32} NOT NULL,
  to_id {u32} NOT NULL,
  file_name {text:255} NOT NULL,
  size {u32} NOT NULL,
  mode {u8} NOT NULL,
  state {u8} NOT NULL DEFAULT 0,
  created {u32} NOT NULL,
  updated {u32} NOT NULL,
  PRIMARY KEY (task_id)
) {table};
CREATE INDEX IF NOT EXISTS file_task_from ON file_task(from_id, created);
CREATE INDEX IF NOT EXISTS file_task_to ON file_task(to_id, created);
CREATE INDEX IF NOT EXISTS file_task_age ON file_task(state, updated);
CREATE TABLE IF NOT EXISTS IMTransmitFile(
  id {id},
  fromId {u32} NOT NULL,
  toId {u32} NOT NULL,
  fileName {text:255} NOT NULL DEFAULT '',
  size {u32} NOT NULL DEFAULT 0,
  taskId {text:128} NOT NULL DEFAULT '',
  status {u8} NOT NULL DEFAULT 0,
  created {u32} NOT NULL DEFAULT 0,
  updated {u32} NOT NULL DEFAULT 0
) {table};
CREATE INDEX IF NOT EXISTS IMTransmitFile_to ON IMTransmitFile(toId, status, created);
CREATE INDEX IF NOT EXISTS IMTransmitFile_task ON IMTransmitFile(taskId);
)";

}  // namespace file::schema
