#include "http_test.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>

namespace parley::host {

raw_client::raw_client(std::uint16_t port, int receive_buffer)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(socket_, F_SETFL, O_NONBLOCK);
}

void raw_client::receive(std::string_view bytes) {
  if (!tls_) return void(received.append(bytes));
  std::vector<char> plain(tls::engine::plain_room(bytes.size()));
  std::size_t got = 0;
  if (tls_->receive(bytes, plain, got) == tls::engine::outcome::ended) said_goodbye = true;
  received.append(plain.data(), got);
}

void raw_client::secure(std::shared_ptr<const tls::client_context> trust) {
  tls_ = std::make_unique<tls::engine>(std::move(trust), "localhost");
  tls_->begin();
}

void raw_client::stop_sending() {
  ::shutdown(socket_, SHUT_WR);
}

void raw_client::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void raw_client::step() {
  if (socket_ < 0) return;
  if (tls_ && tls_->ready() && !unsent_.empty()) {
    tls::record_buffer records;
    if (tls_->append(unsent_, records)) tls_->finish(records);
    unsent_.clear();
  }
  if (tls_ && !tls_->output().empty()) {
    const auto n = ::send(socket_, tls_->output().data(), tls_->output().size(), MSG_NOSIGNAL);
    if (n > 0) tls_->output().erase(0, static_cast<std::size_t>(n));
    if (n < 0 && errno != EAGAIN) tls_->output().clear();
  }
  if (!tls_ && !unsent_.empty()) {
    const auto n = ::send(socket_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (n > 0) unsent_.erase(0, static_cast<std::size_t>(n));
    if (n < 0 && errno != EAGAIN) unsent_.clear();
  }
  char buffer[65536];
  while (reading_ && !ended_) {
    const auto n = recv(socket_, buffer, sizeof buffer, 0);
    if (n > 0) {
      receive({buffer, static_cast<std::size_t>(n)});
    } else if (n == 0 || errno != EAGAIN) {
      ended_ = true;
      reset_ = n < 0;
    } else {
      break;
    }
  }
}

std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t x = 7;
  for (auto& c : out) c = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  return out;
}

http_test::http_test() {
  std::signal(SIGPIPE, SIG_IGN);  // as parleyd does
  service_.on_exchange_end = [this](parley_exchange_id id) { ended_.push_back(id); };
}

void http_test::start(listener_config config, http_timing timing) {
  config.kind = listener_kind::http;
  server_ = std::make_unique<http_server>(service_, config, timing);
  server_->set_identity(identity_);
  auto started = server_->start();
  ASSERT_TRUE(started) << started.text();
}

void http_test::serve(std::vector<route> routes) {
  auto table = route_table::of(std::move(routes));
  ASSERT_TRUE(table) << table.text();
  service_.swap_routes(*table);
  loop_.defer([old = std::move(*table)] {});  // one of its handlers may be running
}

route http_test::echo(http_service& service, std::string method, std::string path, std::size_t max_body, bool prefix) {
  return {std::move(method),
          std::move(path),
          prefix,
          max_body,
          [&service](const exchange_view& x) {
            const auto body = std::string(x.method) + ' ' + std::string(x.path) + ' ' + std::string(x.body);
            EXPECT_EQ(service.respond(x.id, 200, "text/plain", body), status::ok);
          },
          "test"};
}

route http_test::later(std::string path) {
  return {"*", std::move(path), false, 1024, [this](const exchange_view& x) { pending_.push_back(x.id); }, "test"};
}

raw_client& http_test::connect(int receive_buffer) {
  clients_.push_back(std::make_unique<raw_client>(server_->port(), receive_buffer));
  return *clients_.back();
}

void http_test::until(const std::function<bool()>& holds, const char* what) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!holds()) {
    for (auto& c : clients_) c->step();
    loop_.turn(false);
    if (holds()) return;
    if (std::chrono::steady_clock::now() > give_up) {
      FAIL() << "waited in vain for " << what;
    }
    ::poll(nullptr, 0, 1);
  }
}

namespace {

std::size_t body_size(const parsed_response& r) {
  const auto found = r.headers.find("content-length");
  return found == r.headers.end() ? 0 : std::stoul(found->second);
}

bool parse_head(std::string_view head, parsed_response& out) {
  if (!head.starts_with("HTTP/1.1 ")) return false;
  out.code = static_cast<unsigned>(std::stoul(std::string(head.substr(9, 3))));
  auto at = head.find("\r\n") + 2;
  while (at < head.size()) {
    const auto end = head.find("\r\n", at);
    const auto line = head.substr(at, end - at);
    const auto colon = line.find(": ");
    std::string name(line.substr(0, colon));
    for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_TRUE(out.headers.emplace(name, line.substr(colon + 2)).second) << "two headers " << name;
    at = end + 2;
  }
  return true;
}

}  // namespace

parsed_response http_test::response(raw_client& c, bool of_head) {
  parsed_response out;
  std::size_t head_end = 0, size = 0;
  until(
      [&] {
        head_end = c.received.find("\r\n\r\n");
        if (head_end == std::string::npos) return c.ended();
        out = {};
        if (!parse_head(std::string_view(c.received).substr(0, head_end + 2), out)) return true;
        size = of_head ? 0 : body_size(out);
        return c.received.size() >= head_end + 4 + size || c.ended();
      },
      "a response");
  if (head_end == std::string::npos) return out;
  out.body = c.received.substr(head_end + 4, size);
  EXPECT_EQ(out.body.size(), size) << "cut short";
  c.received.erase(0, head_end + 4 + size);
  return out;
}

parsed_response http_test::ask(std::string_view request) {
  auto& c = connect();
  c.send(request);
  return response(c);
}

}  // namespace parley::host
