/* "parley.sql/1": statements on a pool's connections.
 *
 * Statements are written once for every database. Parameters are `?`. The dialect layer expands, before it caches them:
 *   {id}                an auto-increment 64-bit primary key column's type and constraint
 *   {u32} {u64} {u8}    unsigned column types
 *   {text:N}            at most N characters of UTF-8, compared by bytes
 *   {bytes:N} {blob}    at most N bytes; any number of bytes
 *   {table}             closes a CREATE TABLE: engine and charset
 *   {on_conflict:a,b}   after VALUES (...): continue with `x = {new:x}`, the upsert on the unique key (a,b)
 *   {new:x}             the value that was to be inserted
 *   {keep:a,b}          after VALUES (...): on conflict on (a,b) nothing happens
 *   {greatest}          the scalar maximum function's name
 *   {for_update}        behind a SELECT: lock the rows read
 * Text in quotes is ended by its quote only, a backslash is a character; "names" stand in double quotes; || joins texts.
 */
#ifndef PARLEY_ABI_SQL_H
#define PARLEY_ABI_SQL_H

#include "../abi.h"

#define PARLEY_SQL_1 "parley.sql/1"

/* One connection of a pool, lent for the length of a job. */
typedef struct parley_sql_connection parley_sql_connection;

enum { PARLEY_SQL_NULL = 0, PARLEY_SQL_INTEGER = 1, PARLEY_SQL_BYTES = 2 };

typedef struct parley_sql_value {
  uint32_t type;
  uint32_t reserved;
  int64_t integer;
  parley_bytes bytes; /* text or binary */
} parley_sql_value;

enum { PARLEY_SQL_READ = 0, PARLEY_SQL_WRITE = 1 };

typedef struct parley_sql_job {
  uint32_t size;
  uint32_t mode;        /* READ jobs may run beside each other and see committed data */
  const char* pool;     /* as named in the descriptor */
  uint32_t deadline_ms; /* from now; a job still queued then is not started. 0 = the pool's default */
  uint32_t reserved;
  const char* origin;
  void* context;
  parley_status (*work)(void* context, parley_sql_connection* connection); /* [worker] */
  /* Once, never before run() has returned. An open transaction was rolled back. [loop] */
  void (*done)(void* context, parley_status status);
} parley_sql_job;

typedef struct parley_sql_1 {
  uint32_t size;
  uint32_t reserved;
  /* PARLEY_BUSY when the queue is full, PARLEY_UNAVAILABLE when the database is away: done will not be called. [loop] */
  parley_status (*run)(parley_generation* self, const parley_sql_job* job);

  /* `columns` has a letter per result column: 'i' integer, 's' bytes. row() is called for each row, values borrowed. [worker] */
  parley_status (*query)(parley_sql_connection* connection, const char* statement, const parley_sql_value* parameters,
                         size_t count, const char* columns, void* context,
                         void (*row)(void* context, const parley_sql_value* values));
  /* affected and inserted_id may be null. affected counts matched rows, changed or not; with {keep} and {on_conflict} neither
   * says anything. [worker] */
  parley_status (*execute)(parley_sql_connection* connection, const char* statement, const parley_sql_value* parameters,
                           size_t count, int64_t* affected, int64_t* inserted_id);
  /* head is "INSERT INTO t(a,b) VALUES"; tail what follows the values ("" or an upsert); rows x columns parameters, row by
   * row. One statement or many, as the database likes it best; the caller has a transaction open. [worker] */
  parley_status (*insert_rows)(parley_sql_connection* connection, const char* head, const char* tail, size_t columns,
                               const parley_sql_value* parameters, size_t rows);
  parley_status (*begin)(parley_sql_connection* connection);    /* [worker] */
  parley_status (*commit)(parley_sql_connection* connection);   /* PARLEY_OK: committed and synced. [worker] */
  parley_status (*rollback)(parley_sql_connection* connection); /* [worker] */
  /* Text of the last failure on this connection, NUL-terminated, until the next statement. [worker] */
  const char* (*error)(parley_sql_connection* connection);
} parley_sql_1;

#endif
