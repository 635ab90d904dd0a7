#include "bench/arguments.hpp"

#include <charconv>

namespace parley::bench {

arguments::arguments(int argc, char** argv) {
  for (int i = 0; i < argc; ++i) {
    const std::string name = argv[i];
    if (!name.starts_with("--")) {
      wrong_.push_back("not an option: " + name);
    } else if (i + 1 < argc && !std::string_view(argv[i + 1]).starts_with("--")) {
      given_[name] = argv[++i];
    } else {
      given_[name] = "";
    }
  }
}

bool arguments::take(std::string_view name, std::string& value) {
  const auto found = given_.find(name);
  if (found == given_.end()) return false;
  value = found->second;
  given_.erase(found);
  return true;
}

std::string arguments::take_text(std::string_view name, std::string otherwise) {
  std::string value;
  if (!take(name, value)) return otherwise;
  if (value.empty()) wrong_.push_back(std::string(name) + " needs a value");
  return value;
}

std::uint64_t arguments::take_number(std::string_view name, std::uint64_t otherwise, std::uint64_t least,
                                     std::uint64_t most) {
  std::string text;
  if (!take(name, text)) return otherwise;
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    wrong_.push_back(std::string(name) + " has to be a number from " + std::to_string(least) + " to " +
                     std::to_string(most));
    return otherwise;
  }
  return value;
}

bool arguments::take_on_off(std::string_view name, bool otherwise) {
  std::string value;
  if (!take(name, value)) return otherwise;
  if (value != "on" && value != "off") wrong_.push_back(std::string(name) + " has to be on or off");
  return value == "on";
}

bool arguments::take_switch(std::string_view name) {
  std::string value;
  if (!take(name, value)) return false;
  if (!value.empty()) wrong_.push_back(std::string(name) + " takes no value");
  return true;
}

client::endpoint arguments::take_server() {
  const auto server = client::parse_endpoint(take_text("--server", "127.0.0.1:8000"));
  if (!server) wrong_.push_back("--server has to be HOST:PORT");
  auto to = server.value_or(client::endpoint{});
  to.websocket = take_text("--websocket", "");
  const auto ca = take_text("--ca", "");
  const bool insecure = take_switch("--insecure");
  if (!take_switch("--tls") && ca.empty() && !insecure) return to;
  auto trust = tls::client_context::make(ca, insecure);
  if (trust) {
    to.tls = *trust;
  } else {
    wrong_.push_back("--ca: " + trust.text());
  }
  return to;
}

std::vector<std::string> arguments::problems() const {
  std::vector<std::string> all = wrong_;
  for (const auto& [name, value] : given_) all.push_back("unknown option " + name);
  return all;
}

}  // namespace parley::bench
