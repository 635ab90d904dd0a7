// Gets files over HTTP for a while, on connections that stay, and compares every byte with the file on this machine.
//
//   bench_media PORT PREFIX DIRECTORY CONNECTIONS SECONDS
//
// Asks for PREFIX/NAME for all NAMEs in DIRECTORY in turn; prints JSON. Exit code 1 when anything was wrong.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;

struct file {
  std::string request;
  std::string bytes;
};

std::vector<file> load(const std::string& directory, const std::string& prefix) {
  std::vector<file> out;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::ifstream in(entry.path(), std::ios::binary);
    file f;
    f.request = "GET " + prefix + "/" + entry.path().filename().string() + " HTTP/1.1\r\nHost: bench\r\n\r\n";
    f.bytes.assign(std::istreambuf_iterator<char>(in), {});
    out.push_back(std::move(f));
  }
  if (out.empty()) throw std::runtime_error("no files in " + directory);
  return out;
}

/// One connection: a request, its answer to the last byte, the next request.
class connection {
 public:
  connection(std::uint16_t port, const std::vector<file>& files, std::size_t first) : files_(files), next_(first) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error("cannot connect");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ask();
  }
  connection(const connection&) = delete;
  ~connection() { close(socket_); }

  int descriptor() const { return socket_; }
  std::uint64_t answers = 0;
  std::uint64_t bytes = 0;

  void readable() {
    static char buffer[256 << 10];
    const auto n = recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN)) throw std::runtime_error("the server hung up");
    if (n > 0) take({buffer, static_cast<std::size_t>(n)});
  }

 private:
  void ask() {
    wanted_ = &files_[next_++ % files_.size()];
    head_.clear();
    in_body_ = false;
    got_ = 0;
    const auto& r = wanted_->request;
    if (send(socket_, r.data(), r.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(r.size()))
      throw std::runtime_error("a request was not taken");
  }

  void take(std::string_view piece) {
    if (!in_body_) {
      const auto before = head_.size();
      head_ += piece;
      const auto end = head_.find("\r\n\r\n");
      if (end == std::string::npos) return;
      piece.remove_prefix(end + 4 - before);
      head_.resize(end + 2);
      check_head();
      in_body_ = true;
    }
    const auto& expected = wanted_->bytes;
    if (piece.size() > expected.size() - got_ || std::memcmp(expected.data() + got_, piece.data(), piece.size()) != 0)
      throw std::runtime_error("another body than the file");
    got_ += piece.size();
    if (got_ < expected.size()) return;
    ++answers;
    bytes += got_;
    ask();
  }

  void check_head() {
    std::string head = head_;
    std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto length = "\r\ncontent-length: " + std::to_string(wanted_->bytes.size()) + "\r\n";
    if (!head.starts_with("http/1.1 200 ") || head.find(length) == std::string::npos)
      throw std::runtime_error("not the answer: " + head_);
  }

  const std::vector<file>& files_;
  std::size_t next_;
  int socket_;
  const file* wanted_ = nullptr;
  std::string head_;
  bool in_body_ = false;
  std::size_t got_ = 0;
};

void run(std::uint16_t port, const std::vector<file>& files, std::size_t count, double seconds) {
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<connection>> connections;
  for (std::size_t i = 0; i < count; ++i) {
    auto& c = connections.emplace_back(std::make_unique<connection>(port, files, i * files.size() / count));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = c.get();
    epoll_ctl(poll, EPOLL_CTL_ADD, c->descriptor(), &event);
  }
  const auto begun = steady::now();
  const auto end = begun + std::chrono::duration<double>(seconds);
  auto now = begun;
  while (now < end) {
    epoll_event events[64];
    const int ready = epoll_wait(poll, events, 64, 1000);
    if (ready == 0) throw std::runtime_error("no answer for a second");
    for (int i = 0; i < ready; ++i) static_cast<connection*>(events[i].data.ptr)->readable();
    now = steady::now();
  }
  const auto took = std::chrono::duration<double>(now - begun).count();
  std::uint64_t answers = 0, bytes = 0;
  for (const auto& c : connections) answers += c->answers, bytes += c->bytes;
  std::printf("{\"answers\": %llu, \"answers_per_s\": %.1f, \"mib_per_s\": %.1f}\n",
              static_cast<unsigned long long>(answers), static_cast<double>(answers) / took,
              static_cast<double>(bytes) / took / (1 << 20));
  close(poll);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: bench_media PORT PREFIX DIRECTORY CONNECTIONS SECONDS\n");
    return 2;
  }
  try {
    const auto files = load(argv[3], argv[2]);
    run(static_cast<std::uint16_t>(std::atoi(argv[1])), files, static_cast<std::size_t>(std::atoi(argv[4])),
        std::atof(argv[5]));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_media: %s\n", e.what());
    return 1;
  }
  return 0;
}
