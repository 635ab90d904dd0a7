// What SQLite's result codes mean to a job.
#pragma once

#include "parley/abi.h"

namespace parley::host {

struct sqlite_verdict {
  parley_status code;
  bool dead;  // the connection, and perhaps the database, is of no use any more
};

/// `code` is an extended result code other than OK, ROW and DONE. A write on a reader is the plugin's mistake. [any]
sqlite_verdict judge_sqlite(int code, bool reader);

}  // namespace parley::host
