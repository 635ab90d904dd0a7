#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "chat/input.hpp"
#include "chat/line_editor.hpp"
#include "client/event_loop.hpp"

namespace parley::chat {

/// Where lines come from and go to. With a person at a terminal: an editable line at the bottom, everything else above
/// it. Otherwise (pipe, file): plain lines both ways, each written at once. Restores the terminal when destroyed.
/// [thread of the loop]
class terminal {
 public:
  struct handlers {
    std::function<void(std::string)> line;
    std::function<void()> ended;  ///< end of input; from a person Ctrl-D or Ctrl-C on an empty line
    std::function<std::string(const std::string&)> complete;
  };

  terminal(client::event_loop& loop, handlers on);
  ~terminal();

  /// True when both ends are a terminal.
  bool interactive() const { return interactive_; }

  /// A whole line, without its line feed. It must be printable (client/printable.hpp).
  void print(std::string_view line);

  /// Shown before the line being typed; nothing happens when not interactive.
  void prompt(std::string text);

 private:
  void took(std::string_view bytes);
  void end();
  void redraw();
  void suspend();

  handlers on_;
  line_editor editor_;
  input input_;
  std::string partial_;
  std::string prompt_;
  bool interactive_;
  bool ended_ = false;
};

}  // namespace parley::chat
