// The name of a transfer: what a client has to know to take part in it, and a file name on disk.
#pragma once

#include <string>
#include <string_view>

namespace file {

/// A random UUID as text, as TeamTalk makes them: 36 characters, lower case. From the system's CSPRNG.
std::string new_task_id();

/// Exactly that form, digits of either case: nothing else ever becomes part of a path.
bool is_task_id(std::string_view text);

}  // namespace file
