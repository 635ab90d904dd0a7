#include "support/network.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "support/process.hpp"

namespace parley::test {
namespace {

const std::string prefix = "ply";

outcome try_ip(std::vector<std::string> words) {
  words.insert(words.begin(), "ip");
  return run(words);
}

void ip(const std::vector<std::string>& words) {
  const auto done = try_ip(words);
  if (done.end.code == 0) return;
  std::string line;
  for (const auto& word : words) line += " " + word;
  throw failure("ip" + line + ": " + done.output);
}

/// What a process left that is gone.
void sweep() {
  const auto dead = [](const std::string& name) {
    if (!name.starts_with(prefix)) return false;
    const auto pid = std::strtol(name.c_str() + prefix.size(), nullptr, 10);
    return pid > 0 && kill(static_cast<pid_t>(pid), 0) != 0;
  };
  std::istringstream namespaces(try_ip({"netns", "list"}).output);
  for (std::string line; std::getline(namespaces, line);) {
    if (const auto name = line.substr(0, line.find(' ')); dead(name)) try_ip({"netns", "del", name});
  }
  std::istringstream bridges(try_ip({"-brief", "link", "show", "type", "bridge"}).output);
  for (std::string line; std::getline(bridges, line);) {
    if (const auto name = line.substr(0, line.find(' ')); dead(name)) try_ip({"link", "del", name});
  }
}

}  // namespace

bool network::possible() {
  static const bool can = [] {
    if (geteuid() != 0) return false;
    try {
      network trial(1);
      return true;
    } catch (const failure&) {
      return false;
    }
  }();
  return can;
}

network::network(std::size_t places) : stem_(prefix + std::to_string(getpid())), places_(places) {
  sweep();
  try {
    make();
  } catch (...) {
    remove();
    throw;
  }
}

network::~network() {
  remove();
}

void network::make() {
  ip({"link", "add", bridge(), "type", "bridge"});
  const auto pid = static_cast<unsigned>(getpid());
  subnet_ = "10." + std::to_string(128 + pid / 250 % 100) + "." + std::to_string(pid % 250) + ".";
  ip({"address", "add", here() + "/24", "dev", bridge()});
  ip({"link", "set", bridge(), "up"});
  for (std::size_t i = 0; i < places_; ++i) {
    ip({"netns", "add", name(i)});
    ip({"link", "add", cable(i), "type", "veth", "peer", "name", "eth0", "netns", name(i)});
    ip({"link", "set", cable(i), "master", bridge(), "up"});
    ip({"-n", name(i), "address", "add", address(i) + "/24", "dev", "eth0"});
    ip({"-n", name(i), "link", "set", "eth0", "up"});
    ip({"-n", name(i), "link", "set", "lo", "up"});
  }
}

void network::remove() noexcept {
  try {
    for (std::size_t i = 0; i < places_; ++i) try_ip({"netns", "del", name(i)});
    try_ip({"link", "del", bridge()});
  } catch (const failure&) {  // the next one sweeps
  }
}

void network::cut(std::size_t place) {
  ip({"link", "set", cable(place), "down"});
}

void network::mend(std::size_t place) {
  ip({"link", "set", cable(place), "up"});
}

}  // namespace parley::test
