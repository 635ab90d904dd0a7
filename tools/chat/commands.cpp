#include <algorithm>
#include <charconv>

#include "chat/chat.hpp"

namespace parley::chat {
namespace {

constexpr std::size_t most_words = 3;

/// "/group add x" as its first words, as many as there are up to `count`. Single spaces only: what follows is the
/// line's.
std::string_view first_words(std::string_view line, std::size_t count) {
  std::size_t end = line.find(' ');
  while (--count > 0 && end != std::string_view::npos && end + 1 < line.size() && line[end + 1] != ' ') {
    end = line.find(' ', end + 1);
  }
  return line.substr(0, end);
}

}  // namespace

void chat::obey(const std::string& line) {
  if (line.starts_with("//")) return say(line.substr(1));
  if (!line.starts_with('/')) return line.find_first_not_of(' ') == std::string::npos ? void() : say(line);
  for (std::size_t count = most_words; count > 0; --count) {
    const std::string_view name = first_words(line, count);
    for (const family& each : families()) {
      const auto found = std::ranges::find(each.commands, name, &command::name);
      if (found == each.commands.end()) continue;
      if (found->level > me_.extension_level) return view_.trouble("this server does not know " + std::string(name));
      words given(std::string_view(line).substr(name.size()));
      if (!(this->*found->run)(given)) help_on(name);
      return;
    }
  }
  help_on(first_words(line, most_words));
}

/// How to use what was not used so. Words that begin several commands show all of them.
void chat::help_on(std::string_view name) {
  for (std::size_t count = most_words; count > 0; --count) {
    const std::string_view start = first_words(name, count);
    bool any = false;
    for (const family& part : families()) {
      for (const command& each : part.commands) {
        if (each.name != start && !each.name.starts_with(std::string(start) + " ")) continue;
        view_.trouble("usage: " + std::string(each.name) + (each.arguments.empty() ? "" : " ") +
                      std::string(each.arguments) + "  (" + std::string(each.about) + ")");
        any = true;
      }
    }
    if (any) return;
  }
  view_.trouble("there is no command " + client::printable(first_words(name, 1)) + "; /help lists them");
}

bool chat::help(words& given) {
  if (!given.empty()) {
    std::string name = given.rest();
    help_on(name.starts_with('/') ? name : "/" + name);
    return true;
  }
  constexpr std::size_t column = 46;
  for (const family& part : families()) {
    view_.title(part.title);
    for (const command& each : part.commands) {
      std::string line = std::string(each.name) + " " + std::string(each.arguments);
      line.resize(std::max(column, line.size() + 1), ' ');
      view_.plain(line + std::string(each.about));
    }
  }
  view_.plain(
      "Names with spaces are quoted: /to \"#our team\". A number is an id. [#GROUP]: the open one when left out.");
  view_.plain("Anything else is sent to the open chat; // at the start sends a single /.");
  return true;
}

bool chat::resend(words& given) {
  if (given.empty()) send_again();
  return given.empty();
}

bool chat::wait(words& given) {
  const std::string typed = given.take();
  if (typed == "files" && given.empty()) {
    waiting_for_files_ = files_.under_way() > 0;
    return true;
  }
  std::uint32_t seconds = 1;
  const auto [end, failed] = std::from_chars(typed.data(), typed.data() + typed.size(), seconds);
  const bool number = failed == std::errc() && end == typed.data() + typed.size();
  if (!given.empty() || (!typed.empty() && !number)) return false;
  pausing_ = true;
  pause_.once(1000 * static_cast<std::uint64_t>(seconds), [this] {
    pausing_ = false;
    pump();
  });
  return true;
}

bool chat::leave_chat(words& given) {
  if (given.empty()) quit();
  return given.empty();
}

std::string chat::complete(const std::string& text) const {
  std::vector<std::string> candidates;
  std::string wanted = text;
  if (text.starts_with("/to ")) {
    candidates = directory_.names();
    wanted = text.substr(4);
  } else if (text.starts_with('/')) {
    for (const family& part : families()) {
      for (const command& each : part.commands) {
        candidates.emplace_back(each.name);
        if (!each.arguments.empty() && text.starts_with(std::string(each.name) + " ")) wanted.clear();
      }
    }
    if (wanted.empty()) {
      wanted = text.substr(text.rfind(' ') + 1);
      candidates = directory_.names();
      std::erase_if(candidates, [](const std::string& each) { return each.find(' ') != std::string::npos; });
    }
  }
  std::erase_if(candidates, [&](const std::string& each) { return !each.starts_with(wanted); });
  if (candidates.empty()) return "";
  if (candidates.size() == 1) return candidates.front().substr(wanted.size()) + " ";
  const auto [least, greatest] = std::ranges::minmax_element(candidates);
  const auto common = std::ranges::mismatch(*least, *greatest).in1 - least->begin();
  return least->substr(wanted.size(), static_cast<std::size_t>(common) - wanted.size());
}

}  // namespace parley::chat
