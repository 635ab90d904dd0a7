// Bodies that are plain text, where the SDK wants a message.
#pragma once

#include <cstring>
#include <string>

struct raw_text {
  std::string text;

  bool ParsePartialFromArray(const void* data, int size) {
    text.assign(static_cast<const char*>(data), static_cast<std::size_t>(size));
    return true;
  }
  bool IsInitialized() const { return true; }
  std::string InitializationErrorString() const { return {}; }
  std::size_t ByteSizeLong() const { return text.size(); }
  void SerializeWithCachedSizesToArray(unsigned char* out) const { std::memcpy(out, text.data(), text.size()); }
};
