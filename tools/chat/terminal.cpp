#include "chat/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "chat/utf8.hpp"

namespace parley::chat {
namespace {

constexpr std::string_view clear_line = "\r\x1b[K";

/// All of it, also when standard output shares a file description that was made non-blocking.
void write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(STDOUT_FILENO, text.data(), text.size());
    if (put > 0) {
      text.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EAGAIN) {
      pollfd ready{STDOUT_FILENO, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return;
    }
  }
}

std::size_t columns_of(std::string bytes) {
  std::size_t sum = 0;
  char32_t point = 0;
  while (take_code_point(bytes, point)) sum += columns(point);
  return sum;
}

std::size_t width_of_terminal() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool can_move_the_cursor() {
  const char* const kind = std::getenv("TERM");
  return kind && std::string_view(kind) != "dumb";
}

}  // namespace

terminal::terminal(client::event_loop& loop, handlers on)
    : on_(std::move(on)),
      editor_({[this](std::string line) { on_.line(std::move(line)); }, [this] { end(); }, [this] { suspend(); },
               [this](const std::string& text) { return on_.complete(text); }}),
      input_(
          loop, [this](std::string_view bytes) { took(bytes); }, [this] { end(); }),
      interactive_(input_.is_terminal() && isatty(STDOUT_FILENO) != 0 && can_move_the_cursor()) {
  if (interactive_) input_.raw(true);
}

terminal::~terminal() {
  if (!interactive_) return;
  write_out(clear_line);
  input_.raw(false);
}

void terminal::print(std::string_view line) {
  std::string out;
  if (interactive_) out += clear_line;
  out += line;
  out += '\n';
  write_out(out);
  redraw();
}

void terminal::prompt(std::string text) {
  if (text == prompt_) return;
  prompt_ = std::move(text);
  redraw();
}

void terminal::took(std::string_view bytes) {
  if (interactive_) {
    editor_.typed(bytes);
    return redraw();
  }
  partial_.append(bytes);
  for (std::size_t end = 0; (end = partial_.find('\n')) != std::string::npos;) {
    std::string line = partial_.substr(0, end);
    partial_.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    on_.line(std::move(line));
  }
}

void terminal::end() {
  if (std::exchange(ended_, true)) return;
  if (!partial_.empty()) on_.line(std::exchange(partial_, {}));
  on_.ended();
}

void terminal::redraw() {
  if (!interactive_) return;
  const std::size_t prompt_width = columns_of(prompt_);
  const line_editor::picture picture = editor_.show(width_of_terminal(), prompt_width);
  std::string out(clear_line);
  out += prompt_ + picture.text + '\r';
  const std::size_t column = prompt_width + picture.cursor_column;
  if (column > 0) out += "\x1b[" + std::to_string(column) + "C";
  write_out(out);
}

void terminal::suspend() {
  write_out(clear_line);
  input_.raw(false);
  std::raise(SIGTSTP);
  input_.raw(true);
}

}  // namespace parley::chat
