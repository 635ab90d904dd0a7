// Where pools write what the operator should read.
#pragma once

#include <functional>
#include <string>

namespace parley::host {

enum class log_level { info, warn, error };

/// Called from any thread; the text is one line without passwords or parameter values.
using log_sink = std::function<void(log_level level, const std::string& text)>;

}  // namespace parley::host
