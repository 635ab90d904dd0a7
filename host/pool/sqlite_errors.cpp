#include "host/pool/sqlite_errors.hpp"

#include <sqlite3.h>

namespace parley::host {

sqlite_verdict judge_sqlite(int code, bool reader) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return {PARLEY_CONFLICT, false};
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      return {PARLEY_DATA_ERROR, false};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return {PARLEY_RETRY, false};
    case SQLITE_READONLY:
      if (reader) return {PARLEY_FAULT, false};
      [[fallthrough]];
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {PARLEY_UNAVAILABLE, true};
    default:
      return {PARLEY_FAULT, false};
  }
}

}  // namespace parley::host
