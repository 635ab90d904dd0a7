// A 0x0501 that is being looked at: all of it, so that another generation can take it over.
#pragma once

#include <parley/abi.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "transfer.hpp"

namespace file {

struct knock {
  parley_session_id session = 0;
  std::uint16_t seq = 0;
  number user = 0;
  role as = role::sender;
  std::string id;
  std::uint32_t level = 0;
  number resume = 0;
  std::string address;
  bool known = false;  // the session is the user's already

  std::string encoded() const;
  bool ParsePartialFromArray(const void* data, int size);
  bool IsInitialized() const { return true; }
};

/// The event file.written: blocks that a generation wrote which does not serve any more.
struct written_news {
  std::string id;
  std::uint64_t from = 0;
  std::uint64_t to = 0;  // 0: they could not be
  std::string trouble;

  std::string encoded() const;
  bool ParsePartialFromArray(const void* data, int size);
  bool IsInitialized() const { return true; }
};

/// The event file.settled: a generation that does not serve any more has done with a file on disk.
struct settled_news {
  std::string id;

  bool ParsePartialFromArray(const void* data, int size) {
    id.assign(static_cast<const char*>(data), static_cast<std::size_t>(size));
    return true;
  }
  bool IsInitialized() const { return true; }
};

/// The event file.ended: whoever serves lets go of that transfer, whose task is being removed.
struct ended_news {
  std::string id;

  bool ParsePartialFromArray(const void* data, int size) {
    id.assign(static_cast<const char*>(data), static_cast<std::size_t>(size));
    return true;
  }
  bool IsInitialized() const { return true; }
};

/// The event file.serving, which a generation publishes when it hands over: whoever hears it serves. It has no fields.
struct serving {
  bool ParsePartialFromArray(const void*, int) { return true; }
  bool IsInitialized() const { return true; }
};

}  // namespace file
