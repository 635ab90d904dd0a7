// A plugin file in memory: a staged copy, opened; closed with proof that it is gone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "host/plugin/staging.hpp"
#include "parley/abi.h"
#include "parley/status.hpp"

namespace parley::host {

class library {
 public:
  /// Opens a copy that nobody opened before. The error is a sentence that names `file`, of which it is a copy. [any]
  static result<std::unique_ptr<library>> open(staged_file staged, const std::string& file);
  library(const library&) = delete;
  library& operator=(const library&) = delete;
  /// As unmap(), saying in the log when it stays mapped.
  ~library();

  /// Closes it and looks for what is left. False when the loader still has it: then the copy stays on disk, too. In
  /// sanitized builds, whose reports need the mapping, nothing is closed and the answer is true. Once. [any]
  bool unmap();

  const parley_plugin_descriptor* descriptor() const { return descriptor_; }
  const std::string& path() const { return staged_.path(); }
  const std::string& build_id() const { return staged_.build_id(); }

 private:
  library() = default;
  staged_file staged_;
  void* handle_ = nullptr;
  const parley_plugin_descriptor* descriptor_ = nullptr;
};

/// Whether the loader has a file of this path mapped. [any]
bool is_mapped(const std::string& path);

}  // namespace parley::host
