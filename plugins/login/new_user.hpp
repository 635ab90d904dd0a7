// A user to be made, and the table of users an operator hands in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace login {

struct new_user {
  std::string name;
  std::string secret;  ///< md5 of the password, as a client sends it
  std::string nick;    ///< the name when empty
  std::string department;
  std::string email;
  std::string phone;
  std::size_t line = 0;             ///< in the file
  std::uint32_t department_id = 0;  ///< instead of a name
  std::uint32_t sex = 0;
};

/// Why such a text cannot be stored on one line; empty when it can. `what` is its name in the sentence.
std::string fault_of_text(std::string_view what, std::string_view text, std::size_t most);

/// Why this user cannot be made; empty when it can.
std::string fault_of(const new_user& user);

/// Why this password cannot be set; empty when it can.
std::string fault_of_password(std::string_view plain);

struct import_fault {
  std::size_t line;
  std::string text;
};

struct import_file {
  std::vector<new_user> users;
  std::vector<import_fault> faults;  ///< all of them
};

/// CSV with a header row: name and password, and in any order nick, department, email, phone. Names are unique within
/// it.
import_file read_import(std::string_view text);

}  // namespace login
