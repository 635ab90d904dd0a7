#include "tools/parleyctl/control_client.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace parleyctl {

control_client::control_client(const std::string& path) : path_(path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("the socket path " + path + " is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0 || connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    const std::string why = std::strerror(errno);
    throw std::runtime_error(
        "no node answers on " + path + ": " + why +
        "; is parleyd running? Name its socket with --socket PATH or its data directory in PARLEY_DATA");
  }
}

control_client::~control_client() {
  if (fd_ >= 0) close(fd_);
}

bool control_client::read_line(std::string& line) {
  std::size_t searched = 0;
  for (;;) {
    if (const auto end = input_.find('\n', searched); end != std::string::npos) {
      line = input_.substr(0, end);
      input_.erase(0, end + 1);
      return true;
    }
    searched = input_.size();
    char buffer[65536];
    const auto count = read(fd_, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    input_.append(buffer, static_cast<std::size_t>(count));
  }
}

nlohmann::ordered_json control_client::request(const std::string& verb, const nlohmann::ordered_json& args,
                                               const std::function<void(const nlohmann::ordered_json&)>& each) {
  const std::string line = nlohmann::ordered_json{{"verb", verb}, {"args", args}}.dump() + "\n";
  for (std::size_t sent = 0; sent < line.size();) {
    const auto count = send(fd_, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw std::runtime_error("the node closed " + path_ + " while it was asked: " + std::strerror(errno));
    sent += static_cast<std::size_t>(count);
  }
  std::string answer;
  while (read_line(answer)) {
    auto parsed = nlohmann::ordered_json::parse(answer, nullptr, false);
    if (!parsed.is_object()) throw std::runtime_error("the node's answer is not JSON: " + answer.substr(0, 200));
    if (parsed.contains("ok")) return parsed;
    each(parsed);
  }
  throw std::runtime_error("the node closed " + path_ + " before it answered; its log says why");
}

}  // namespace parleyctl
