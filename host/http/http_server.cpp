#include "host/http/http_server.hpp"

#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace parley::host {

namespace {

http_connection& connection_of(list_hook& hook) {
  return static_cast<http_connection&>(hook);
}

}  // namespace

http_server::http_server(http_service& service, listener_config config, http_timing timing)
    : service_(service),
      config_(std::move(config)),
      timing_(timing),
      acceptor_(service.node_loop(),
                {[this](int descriptor, const sockaddr_storage& from) { accept(descriptor, from); },
                 [this](int error) { accept_paused(error); }}) {
  take_limits();
  timer_.reset(new uv_timer_t);
  uv_timer_init(service.node_loop().raw(), timer_.get());
  timer_->data = this;
}

void http_server::take_limits() {
  const auto or_quarter = [](auto own, auto of) { return own ? own : std::max(of / 4, decltype(of)(1)); };
  limits_ = {config_.max_header,
             config_.max_headers,
             config_.max_uploads,
             config_.max_staged,
             or_quarter(config_.max_uploads_per_address, config_.max_uploads),
             or_quarter(config_.max_staged_per_address, config_.max_staged),
             config_.min_free,
             config_.min_transfer};
  timeouts_ = {config_.http_idle_timeout,
               config_.http_request_timeout,
               timing_.answer,
               std::chrono::milliseconds(0),
               config_.transfer_timeout,
               timing_.linger,
               config_.transfer_timeout,
               timing_.answer,
               config_.transfer_timeout,
               config_.tls.handshake_timeout};
}

void http_server::set_limits(const listener_config& config) {
  config_ = config;
  take_limits();
  each([this](http_connection& c) { arm(c); });
}

bool http_server::busy() const {
  for (const auto phase : {http_phase::handling, http_phase::ready, http_phase::writing, http_phase::staging,
                           http_phase::opening, http_phase::sending}) {
    if (!waiting_[static_cast<std::size_t>(phase)].empty()) return true;
  }
  return false;
}

http_server::~http_server() {
  drained_ = nullptr;
  close_all();
}

result<void> http_server::start() {
  auto started = acceptor_.listen(config_.bind, config_.port, config_.backlog);
  if (started) return {};
  return error{started.code(), "listener " + config_.name + ": " + started.text()};
}

bool http_server::has_room(const client_address& from) {
  auto& stats = service_.counters();
  if (connections_ >= config_.max_connections) {
    ++stats.refused_full;
    return false;
  }
  const auto group = per_group_.find(from.group);
  if (config_.max_connections_per_address && group != per_group_.end() &&
      group->second.connections >= config_.max_connections_per_address) {
    ++stats.refused_address;
    return false;
  }
  return true;
}

void http_server::accept(int descriptor, const sockaddr_storage& peer) {
  auto from = client_address_of(peer);
  if (!has_room(from)) {
    ::close(descriptor);
    return;
  }
  ++connections_;
  ++per_group_[from.group].connections;
  ++service_.counters().accepted;
  ++service_.counters().connections;
  auto* c = new http_connection(*this, std::move(from));
  c->open(descriptor);
}

void http_server::accept_paused(int error) {
  ++service_.counters().accept_pauses;
  service_.log_gated(spdlog::level::warn, config_.name,
                     std::string("no new connections for now: ") + uv_strerror(uv_translate_sys_error(error)));
}

void http_server::forget(http_connection& c) {
  c.unlink();
  --connections_;
  --service_.counters().connections;
  const auto group = per_group_.find(c.from().group);
  if (--group->second.connections == 0) per_group_.erase(group);
  if (connections_ == 0 && drained_) service_.node_loop().defer(std::exchange(drained_, nullptr));
}

void http_server::arm(http_connection& c) {
  const auto phase = static_cast<std::size_t>(c.phase());
  assert(phase < timed_http_phases);
  c.due_ms = service_.node_loop().now_ms() + static_cast<std::uint64_t>(timeouts_[phase].count());
  waiting_[phase].push_back(c);
  set_timer(c.due_ms);
}

void http_server::set_timer(std::uint64_t due_ms) {
  if (timer_due_ms_ && timer_due_ms_ <= due_ms) return;
  timer_due_ms_ = std::max<std::uint64_t>(due_ms, 1);
  const auto now = service_.node_loop().now_ms();
  uv_timer_start(
      timer_.get(), [](uv_timer_t* h) { static_cast<http_server*>(h->data)->expire_due(); },
      due_ms > now ? due_ms - now : 0, 0);
}

void http_server::expire_due() {
  timer_due_ms_ = 0;
  const auto now = service_.node_loop().now_ms();
  for (auto& list : waiting_) {
    while (!list.empty() && connection_of(*list.next).due_ms <= now) connection_of(*list.next).expire();
  }
  for (auto& list : waiting_) {
    if (!list.empty()) set_timer(connection_of(*list.next).due_ms);
  }
}

template <class Fn>
void http_server::each(Fn&& fn) {
  for (auto& list : waiting_) {
    list_head taken;
    while (!list.empty()) taken.push_back(*list.next);
    while (!taken.empty()) {
      auto& c = connection_of(*taken.next);
      list.push_back(c);
      fn(c);
    }
  }
}

void http_server::drain(std::function<void()> done) {
  draining_ = true;
  acceptor_.close();
  drained_ = std::move(done);
  each([](http_connection& c) { c.drain(); });
  if (connections_ == 0 && drained_) service_.node_loop().defer(std::exchange(drained_, nullptr));
}

void http_server::close_all() {
  acceptor_.close();
  each([](http_connection& c) { c.close(); });
}

}  // namespace parley::host
