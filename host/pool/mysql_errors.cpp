#include "host/pool/mysql_errors.hpp"

#include <errmsg.h>
#include <mysqld_error.h>

#include <algorithm>
#include <iterator>

namespace parley::host {

namespace {

// Numbers that the client's headers do not name.
constexpr unsigned check_failed = 4025;           // MariaDB: a CHECK constraint
constexpr unsigned check_failed_mysql = 3819;     // MySQL's
constexpr unsigned statement_time_over = 1969;    // MariaDB: max_statement_time
constexpr unsigned connection_killed = 1927;      // MariaDB
constexpr unsigned inactive_too_long = 4031;      // MySQL
constexpr unsigned read_only_transaction = 1792;  // a reader's statement that writes
constexpr unsigned read_only_server = 1836;

/// Their texts name tables, columns, users and files, and no values.
constexpr unsigned telling[] = {ER_NO_SUCH_TABLE,
                                ER_BAD_FIELD_ERROR,
                                ER_TABLEACCESS_DENIED_ERROR,
                                ER_COLUMNACCESS_DENIED_ERROR,
                                ER_DBACCESS_DENIED_ERROR,
                                ER_SPECIFIC_ACCESS_DENIED_ERROR,
                                ER_ACCESS_DENIED_ERROR,
                                ER_BAD_DB_ERROR,
                                ER_DATA_TOO_LONG,
                                ER_WARN_DATA_OUT_OF_RANGE,
                                ER_BAD_NULL_ERROR,
                                ER_NO_DEFAULT_FOR_FIELD,
                                ER_LOCK_DEADLOCK,
                                ER_LOCK_WAIT_TIMEOUT,
                                ER_OPTION_PREVENTS_STATEMENT,
                                ER_RECORD_FILE_FULL,
                                ER_DISK_FULL,
                                ER_GET_ERRNO,
                                ER_TABLE_EXISTS_ERROR,
                                ER_DUP_KEYNAME,
                                ER_DUP_FIELDNAME,
                                ER_UNKNOWN_CHARACTER_SET,
                                ER_CON_COUNT_ERROR,
                                ER_HOST_NOT_PRIVILEGED,
                                check_failed,
                                check_failed_mysql,
                                statement_time_over,
                                connection_killed,
                                read_only_transaction,
                                read_only_server};

std::string from(std::string_view message, std::string_view mark) {
  const auto at = message.rfind(mark);
  return at == message.npos ? std::string() : std::string(message.substr(at));
}

}  // namespace

bool is_lost(unsigned number) {
  switch (number) {
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SERVER_LOST_EXTENDED:
    case CR_COMMANDS_OUT_OF_SYNC:
    case CR_MALFORMED_PACKET:
    case ER_SERVER_SHUTDOWN:
    case ER_NET_READ_ERROR:
    case ER_NET_READ_INTERRUPTED:
    case ER_NET_ERROR_ON_WRITE:
    case ER_NET_WRITE_INTERRUPTED:
    case connection_killed:
    case inactive_too_long:
      return true;
    default:
      return false;
  }
}

mysql_verdict judge_mysql(unsigned number, bool reader) {
  if (is_lost(number)) return {PARLEY_UNAVAILABLE, true};
  switch (number) {
    case ER_DUP_ENTRY:
    case ER_DUP_ENTRY_WITH_KEY_NAME:
    case ER_DUP_UNIQUE:
      return {PARLEY_CONFLICT, false};
    case ER_LOCK_DEADLOCK:
    case ER_LOCK_WAIT_TIMEOUT:
    case ER_CHECKREAD:
    case ER_QUERY_INTERRUPTED:
    case ER_TABLE_DEF_CHANGED:
      return {PARLEY_RETRY, false};
    case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD:
    case ER_TRUNCATED_WRONG_VALUE:
    case ER_INVALID_CHARACTER_STRING:
    case ER_DATA_TOO_LONG:
    case ER_WARN_DATA_OUT_OF_RANGE:
    case ER_DATA_OUT_OF_RANGE:
    case ER_BAD_NULL_ERROR:
    case ER_NO_DEFAULT_FOR_FIELD:
    case WARN_DATA_TRUNCATED:
    case check_failed:
    case check_failed_mysql:
      return {PARLEY_DATA_ERROR, false};
    case ER_NET_PACKET_TOO_LARGE:
    case CR_NET_PACKET_TOO_LARGE:
      return {PARLEY_TOO_LARGE, true};
    case statement_time_over:
      return {PARLEY_TIMEOUT, false};
    case ER_OPTION_PREVENTS_STATEMENT:  // it has become a replica: another may be the primary now
    case read_only_server:
    case ER_RECORD_FILE_FULL:
    case ER_DISK_FULL:
    case ER_ERROR_ON_WRITE:
    case ER_ERROR_ON_READ:
    case ER_CANT_OPEN_FILE:
    case ER_GET_ERRNO:
    case ER_OUTOFMEMORY:
    case ER_OUT_OF_RESOURCES:
    case ER_CON_COUNT_ERROR:
    case ER_ACCESS_DENIED_ERROR:
    case ER_BAD_DB_ERROR:
    case ER_DBACCESS_DENIED_ERROR:
      return {PARLEY_UNAVAILABLE, true};
    case read_only_transaction:
      return {reader ? PARLEY_FAULT : PARLEY_UNAVAILABLE, !reader};
    default:
      break;
  }
  // The client's own errors, 2000 and up, are about the session.
  const bool of_client = number >= CR_MIN_ERROR && number <= CR_MAX_ERROR;
  return {of_client ? PARLEY_UNAVAILABLE : PARLEY_FAULT, of_client};
}

std::string mysql_text(unsigned number, std::string_view message, std::string_view statement) {
  std::string text;
  const bool of_client = number >= CR_MIN_ERROR && number <= CR_MAX_ERROR;
  if (of_client || std::find(std::begin(telling), std::end(telling), number) != std::end(telling)) {
    text = message;
  } else if (number == ER_DUP_ENTRY || number == ER_DUP_ENTRY_WITH_KEY_NAME) {
    text = "a row of the same key is there" + from(message, " for key ");
  } else if (number == ER_TRUNCATED_WRONG_VALUE_FOR_FIELD || number == ER_TRUNCATED_WRONG_VALUE) {
    text = "a value that cannot be stored" + from(message, " for column ");
  } else if (number == ER_PARSE_ERROR) {
    text = "a syntax error in `" + std::string(statement.substr(0, 200)) + "`";
  } else {
    text = message.substr(0, message.find_first_of("'`\""));
  }
  return text + " (" + std::to_string(number) + ")";
}

std::string_view mysql_remedy(unsigned number) {
  switch (number) {
    case ER_ACCESS_DENIED_ERROR:
      return "; check user and password in the url, and that the user may come from this host";
    case ER_DBACCESS_DENIED_ERROR:
    case ER_TABLEACCESS_DENIED_ERROR:
    case ER_COLUMNACCESS_DENIED_ERROR:
    case ER_SPECIFIC_ACCESS_DENIED_ERROR:
      return "; as an administrator: GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX ON the_database.* TO "
             "the_user";
    case ER_BAD_DB_ERROR:
      return "; make it: CREATE DATABASE the_database CHARACTER SET utf8mb4";
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
      return "; does it run, and at this address?";
    case CR_UNKNOWN_HOST:
      return "; check the host's name in the url";
    case ER_CON_COUNT_ERROR:
      return "; raise max_connections there, or take fewer readers and writers here";
    case ER_UNKNOWN_CHARACTER_SET:
    case CR_CANT_READ_CHARSET:
      return "; utf8mb4 is needed: MariaDB 10.6 or newer has it";
    case ER_OPTION_PREVENTS_STATEMENT:
    case read_only_server:
      return "; the server is read-only: name the primary in the url, or SET GLOBAL read_only = 0";
    case ER_RECORD_FILE_FULL:
    case ER_DISK_FULL:
      return "; free space on the database's disk";
    default:
      return {};
  }
}

}  // namespace parley::host
