// What MySQL's and MariaDB's error numbers mean to a job, and how they are told.
#pragma once

#include <string>
#include <string_view>

#include "parley/abi.h"

namespace parley::host {

struct mysql_verdict {
  parley_status code;
  bool dead;  // the session is of no use any more
};

/// Of a statement that failed with `number`. [any]
mysql_verdict judge_mysql(unsigned number, bool reader);

/// The session was cut while the statement ran: whether it took effect is not known. [any]
bool is_lost(unsigned number);

/// The server's text without parameter values, with its number; for a syntax error the statement as it was written.
/// [any]
std::string mysql_text(unsigned number, std::string_view message, std::string_view statement);

/// What to do about it, as a sentence behind the text; empty when there is nothing to say. [any]
std::string_view mysql_remedy(unsigned number);

}  // namespace parley::host
