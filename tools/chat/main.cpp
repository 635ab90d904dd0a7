#include <langinfo.h>
#include <unistd.h>
#include <clocale>
#include <csignal>
#include <string_view>

#include "chat/chat.hpp"

namespace {

/// Leaves the terminal as it was found. [signal]
void leave(int signal) {
  uv_tty_reset_mode();
  _exit(128 + signal);
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  if (std::string_view(nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
  int code = 0;
  const auto chosen = parley::chat::read_options(argc, argv, code);
  if (!chosen) return code;
  std::signal(SIGTERM, leave);
  std::signal(SIGHUP, leave);
  parley::client::event_loop loop;
  parley::chat::chat chat(loop, *chosen);
  return chat.run();
}
