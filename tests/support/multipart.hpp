// A form with one file, as TeamTalk's clients send it.
#pragma once

#include <string>

namespace parley::test {

inline constexpr const char* form_boundary = "----ParleyTestBoundary7x";

inline std::string form_with(const std::string& name, const std::string& content) {
  const std::string mark = std::string("--") + form_boundary;
  return mark + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
         "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + content + "\r\n" + mark + "--\r\n";
}

}  // namespace parley::test
