#include "support/talker.hpp"

#include <poll.h>

#include "support/server.hpp"
#include "support/socket.hpp"

namespace parley::test {

talker::talker(std::uint16_t port, const std::string& user, const std::vector<std::string>& more_arguments)
    : user_(user), process_([&] {
        std::filesystem::create_directory(files());
        process::options what{{parley_chat(), "--server", "127.0.0.1:" + std::to_string(port), "--user", user,
                               "--files", files().string()},
                              {{"PARLEY_CHAT_PASSWORD", user + "-secret"}, {"LC_ALL", "C.UTF-8"}},
                              scratch_.path() / "output",
                              true};
        what.command.insert(what.command.end(), more_arguments.begin(), more_arguments.end());
        return what;
      }()) {
  reads("to talk, /help for more");
}

void talker::type(const std::string& line) {
  if (!process_.type(line)) throw failure(user_ + "'s parley-chat is gone:\n" + printed());
}

std::string talker::reads(const std::string& text) {
  const auto deadline = steady::now() + patience(answer_time);
  for (;;) {
    const auto all = printed();
    for (std::size_t end = 0; (end = all.find('\n', at_)) != std::string::npos;) {
      const auto line = all.substr(at_, end - at_);
      at_ = end + 1;
      if (line.find(text) != std::string::npos) return line;
    }
    if (steady::now() > deadline) throw failure(user_ + " never read \"" + text + "\", but:\n" + all);
    poll(nullptr, 0, 5);
  }
}

std::size_t talker::count_of(const std::string& text) const {
  const auto all = printed();
  std::size_t count = 0;
  for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + text.size())) ++count;
  return count;
}

int talker::leaves() {
  process_.end_input();
  const auto end = process_.ended_within(patience(answer_time));
  if (!end) throw failure(user_ + "'s parley-chat does not end:\n" + printed());
  return end->code;
}

}  // namespace parley::test
