#pragma once

#include <optional>
#include <string>

#include "client/endpoint.hpp"
#include "client/login.hpp"

namespace parley::chat {

struct options {
  client::endpoint server;
  client::credentials who;
  std::string files = ".";  ///< where fetched files go
  std::string media;        ///< where pictures are uploaded to; empty: where the server says
};

/// What the process ends with.
enum exit_code : int {
  exit_fine = 0,
  exit_usage = 2,
  exit_no_connection = 3,
  exit_login_refused = 4,
  exit_kicked = 5,
  exit_unacknowledged = 6,
};

/// Reads the command line and the environment and asks a person for what is missing. Prints help or what is wrong, and
/// returns nothing with the code to end with.
std::optional<options> read_options(int argc, char** argv, int& code);

}  // namespace parley::chat
