#include "tools/testing/world.hpp"

#include <dlfcn.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "host/net/pdu.hpp"

namespace parley::testing {

namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

namespace {

/// parleyd of the tree or kit that this library belongs to: it describes plugins.
std::string parleyd_beside_this() {
  Dl_info self{};
  dladdr(reinterpret_cast<const void*>(&parleyd_beside_this), &self);
  std::error_code failed;
  const fs::path library = fs::canonical(self.dli_fname ? self.dli_fname : "", failed);
  const fs::path parleyd = library.parent_path().parent_path() / "bin" / "parleyd";
  if (failed || !fs::exists(parleyd, failed))
    throw failure("no parleyd at " + parleyd.string() + ": libparley_testing.so belongs into lib/, beside bin/");
  return parleyd.string();
}

std::string make_directory() {
  const char* base = std::getenv("TMPDIR");
  std::string path = std::string(base && *base ? base : "/tmp") + "/parley-test-XXXXXX";
  if (!mkdtemp(path.data())) throw failure("cannot make " + path + ": " + std::strerror(errno));
  return path;
}

}  // namespace

byte_stream::~byte_stream() {
  if (fd >= 0) ::close(fd);
}

bool byte_stream::move_bytes() {
  if (fd < 0) return false;
  bool moved = false;
  while (!to_send.empty()) {
    const auto sent = ::send(fd, to_send.data(), to_send.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) break;
    to_send.erase(0, static_cast<std::size_t>(sent));
    moved = true;
  }
  char buffer[16 << 10];
  ssize_t got;
  while ((got = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT)) > 0) {
    unread.append(buffer, static_cast<std::size_t>(got));
    moved = true;
  }
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
    ::close(std::exchange(fd, -1));
    closed = moved = true;
  }
  return moved;
}

bool client::pump() {
  const bool moved = move_bytes();
  cut();
  return moved;
}

void client::cut() {
  std::size_t used = 0;
  while (unread.size() - used >= host::header_size) {
    const char* p = unread.data() + used;
    const std::size_t length = host::load32(p);
    if (length < host::header_size) throw failure("the host sent a length of " + std::to_string(length));
    if (unread.size() - used < length) break;
    inbox.push_back(
        {host::load16(p + 10), host::load16(p + 12), std::string(p + host::header_size, length - host::header_size)});
    used += length;
  }
  unread.erase(0, used);
}

world::world(options o) : settings(std::move(o)), data(settings.data), wall_ms_(settings.unix_ms) {
  // As parleyd does: a client that hangs up is an error of one write, not the end.
  if (struct sigaction now{}; sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL)
    std::signal(SIGPIPE, SIG_IGN);
  if (data.empty()) {
    data = make_directory();
    own_data_ = true;
  }
  try {
    start();
  } catch (...) {
    stop();
    std::error_code ignored;
    if (own_data_) fs::remove_all(data, ignored);
    throw;
  }
}

world::~world() {
  stop();
  std::error_code ignored;
  if (own_data_) fs::remove_all(data, ignored);
}

host::manifest world::manifest() const {
  const host::mark at{"the test's core", 1, 1};
  host::manifest m;
  m.file = at.file;
  m.name = "test";
  m.data = data;
  m.log.level = settings.log_level;
  m.outside_events = settings.events;
  for (const auto& name : settings.sql_pools) {
    auto& pool = m.sql.emplace_back();
    pool.at = at;
    pool.name = name;
    pool.url = "sqlite://" + data + "/" + name + ".db";
  }
  for (const auto& name : settings.caches) {
    auto& pool = m.caches.emplace_back();
    pool.at = at;
    pool.name = name;
  }
  for (const auto& name : settings.worker_pools) {
    auto& pool = m.workers.emplace_back();
    pool.at = at;
    pool.name = name;
  }
  auto& listener = m.listeners.emplace_back();
  listener.at = at;
  listener.name = "clients";
  listener.heartbeat = 0x0701;
  for (const auto& [command, per_second] : settings.rates) listener.rates.push_back({command, per_second, at});
  auto& http = m.listeners.emplace_back();
  http.at = at;
  http.name = "http";
  http.kind = host::listener_kind::http;
  for (const auto& use : settings.plugins) {
    auto& plugin = m.plugins.emplace_back();
    plugin.at = at;
    plugin.name = use.name;
    plugin.file = use.file.empty() ? use.name + ".so" : fs::absolute(use.file).string();
    for (const auto& [key, value] : use.config) plugin.config[key] = {at, value, at};
    for (const auto& [own, ours] : use.pools) {
      plugin.pools[own] = ours;
      plugin.pool_marks[own] = at;
    }
    plugin.may_act_for_anyone = use.may_act_for_anyone;
    plugin.may_operate_all = use.may_operate == std::vector<std::string>{"all"};
    if (!plugin.may_operate_all) plugin.may_operate = use.may_operate;
  }
  return m;
}

void world::start() {
  node_ = std::make_unique<host::node>(manifest(), parleyd_beside_this(),
                                       host::embedding{.signals = false, .virtual_unix_ms = wall_ms_});
  std::vector<host::diagnostic> errors;
  const bool started = node_->start(errors);
  if (started) {
    services().events.observer = [this](std::string_view name, std::string_view body) {
      events.push_back({std::string(name), std::string(body)});
    };
    services().sessions.on_left = [this](const host::session& s) {
      for (auto& c : clients) {
        if (c.id == s.id && c.close_reason.empty()) c.close_reason = s.close_reason;
      }
    };
    return settle();
  }
  std::string text = "the core does not start";
  for (const auto& e : errors) text += "\n  " + e.text;
  throw failure(text);
}

void world::stop() {
  if (!node_) return;
  wall_ms_ = services().loop.wall_ms();
  services().sessions.on_left = nullptr;
  services().events.observer = nullptr;
  node_.reset();
  for (auto& c : clients) {
    if (c.fd >= 0) ::close(std::exchange(c.fd, -1));
    c.closed = true;
    if (c.close_reason.empty()) c.close_reason = "shutdown";
  }
}

client& world::connect(std::string_view address) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
    throw failure(std::string("no socket: ") + std::strerror(errno));
  auto& c = clients.emplace_back();
  c.fd = ends[0];
  auto* s = node_->listeners().front()->adopt(ends[1]);
  if (!s) throw failure("the host did not take the connection");
  s->peer_text = address;
  c.id = s->id;
  return c;
}

bool world::pump() {
  bool moved = false;
  for (auto& c : clients) moved = c.pump() || moved;
  return moved;
}

bool world::something_ready(int wait_ms, int also) {
  pollfd p[] = {{uv_backend_fd(services().loop.raw()), POLLIN, 0}, {also, POLLIN, 0}};
  return poll(p, 2, wait_ms) > 0;
}

std::size_t world::working(std::string* list) {
  std::size_t count = 0;
  for (const auto* g : node_->changes().loaded()) {
    for (const auto* h = g->pins.next; h != &g->pins; h = h->next) {
      const auto& pin = *static_cast<const host::pin*>(h);
      using kind = host::pin_kind;
      if (pin.kind != kind::job && pin.kind != kind::lane_item && pin.kind != kind::post) continue;
      ++count;
      if (list) *list += "\n  " + g->name() + ": " + host::to_string(pin.kind) + " from " + pin.origin;
    }
  }
  return count;
}

void world::settle() {
  const auto deadline = steady::now() + settings.patience;
  for (;;) {
    bool moved = pump();
    services().loop.turn(false);
    moved = pump() || moved;
    if (steady::now() > deadline) {
      std::string list;
      working(&list);
      throw failure("the core does not come to rest: something posts or answers for ever, or a job does not end" +
                    list);
    }
    if (moved || something_ready(0)) continue;
    if (working() == 0) return;
    something_ready(20);
  }
}

void world::converse(byte_stream& s, const std::function<bool()>& done, const std::function<bool()>& held,
                     std::uint64_t patience_ms, const std::string& what) {
  const auto last = services().loop.now_ms() + patience_ms;
  const auto deadline = steady::now() + settings.patience;
  for (bool time_left = true;;) {
    const bool moved = s.move_bytes();
    settle();
    if (done()) return;
    if (s.closed) throw failure(what + ": the host hung up");
    if (steady::now() > deadline)
      throw failure(what + " was not answered in " + std::to_string(settings.patience.count()) + " s of real time");
    if (moved) continue;
    if (!held()) {
      something_ready(20, s.fd);
      continue;
    }
    if (!time_left) throw failure(what + " was not answered in " + std::to_string(patience_ms) + " ms of virtual time");
    time_left = services().loop.fire_next(last);
  }
}

void world::advance(std::uint64_t ms) {
  settle();
  const auto until = services().loop.now_ms() + ms;
  const auto deadline = steady::now() + settings.patience;
  while (services().loop.fire_next(until)) {
    settle();
    if (steady::now() > deadline) throw failure("timers come due faster than the clock gets on");
  }
  settle();
}

}  // namespace parley::testing
