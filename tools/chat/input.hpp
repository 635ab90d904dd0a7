#pragma once

#include <functional>
#include <string_view>

#include "client/event_loop.hpp"
#include "client/timer.hpp"

namespace parley::chat {

/// Standard input, whatever it is: terminal (optionally raw), pipe, socket or file. [thread of the loop]
class input {
 public:
  /// `took` gets bytes as they come, `ended` is called once after the last; neither before the loop runs.
  input(client::event_loop& loop, std::function<void(std::string_view)> took, std::function<void()> ended);
  ~input();
  input(const input&) = delete;
  input& operator=(const input&) = delete;

  bool is_terminal() const;

  /// Every key at once and unechoed, or whole lines again. Only on a terminal.
  void raw(bool on);

 private:
  struct stream;

  void read_file();

  std::function<void(std::string_view)> took_;
  std::function<void()> ended_;
  client::timer start_;
  stream* stream_ = nullptr;  ///< deletes itself when libuv has let go of it; none for files
};

}  // namespace parley::chat
