// "Will this file ever be unloaded?", answered before it is loaded.
#pragma once

#include <string>
#include <vector>

namespace parley::host {

/// One thing in a plugin file that breaks a rule.
struct elf_finding {
  /// A word for scripts: unreadable, no_symbol, exports, unique_symbols, nodelete, static_tls, thread_local, threads,
  /// build_id, full_protobuf.
  std::string rule;
  std::string text;  // what, why it matters, how to mend it; without the file's name
};

/// What the gate saw.
struct elf_report {
  std::vector<elf_finding> findings;  // empty: the loader will let it go
  std::string build_id;               // hexadecimal, empty when there is none

  /// The findings as one text, with the file named first; empty when there are none.
  std::string to_string(const std::string& file) const;
};

/// Reads the file, loads nothing, and tells everything found at once. A file that does not pass must not be loaded: it
/// would stay mapped for ever, and its next generation would share its statics. [any]
elf_report elf_gate(const std::string& file);

/// The same, without what this build of the host lets pass: a sanitized one never unmaps. [any]
elf_report elf_gate_here(const std::string& file);

}  // namespace parley::host
