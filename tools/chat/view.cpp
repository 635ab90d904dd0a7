#include "chat/view.hpp"

#include <cstdlib>
#include <ctime>

#include "client/printable.hpp"

namespace parley::chat {
view::view(terminal& out) : out_(out), colours_(out.interactive() && !std::getenv("NO_COLOR")) {}

std::string view::painted(std::string_view code, std::string_view text) const {
  if (!colours_) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string view::bold(std::string_view text) const {
  return painted("1", text);
}
std::string view::dim(std::string_view text) const {
  return painted("2", text);
}
std::string view::status_mark(presence status) const {
  if (status == presence::away) return painted("33", "◐");
  return status == presence::online ? painted("32", "●") : dim("○");
}

void view::message(std::uint32_t created, std::string_view where, std::string_view author, std::string_view text,
                   bool own) {
  std::string line = dim(clock(created)) + " ";
  if (!where.empty()) line += painted("33", where) + " ";
  line += painted(own ? "36" : "1;34", author) + ": " + std::string(text);
  out_.print(line);
}

void view::delivered(std::string_view where, std::string_view text, std::uint32_t msg_id, bool duplicate) {
  std::string line = dim(clock(static_cast<std::uint32_t>(std::time(nullptr)))) + " ";
  if (!where.empty()) line += painted("33", where) + " ";
  line += painted("36", "you") + ": " + client::printable(text) + " " + painted("32", "✓ " + std::to_string(msg_id));
  if (duplicate) line += dim(" (had arrived before)");
  out_.print(line);
}

void view::notice(std::string_view text) {
  out_.print(dim("* " + std::string(text)));
}
void view::trouble(std::string_view text) {
  out_.print(painted("31", "! " + std::string(text)));
}
void view::plain(std::string_view text) {
  out_.print(text);
}
void view::title(std::string_view text) {
  out_.print(dim("── " + std::string(text) + " ──"));
}

std::string view::clock(std::uint32_t when) {
  const std::time_t now = std::time(nullptr);
  const std::time_t then = when;
  std::tm today{};
  std::tm day{};
  localtime_r(&now, &today);
  localtime_r(&then, &day);
  const bool same = today.tm_yday == day.tm_yday && today.tm_year == day.tm_year;
  char text[32];
  std::strftime(text, sizeof text, same ? "%H:%M" : "%Y-%m-%d %H:%M", &day);
  return text;
}

}  // namespace parley::chat
