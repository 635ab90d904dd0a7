#include "host/node/node.hpp"

#include <algorithm>
#include <csignal>

#include "host/base/log.hpp"
#include "host/base/startup_code.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

node::node(manifest m, std::string executable, embedding as)
    : manifest_(std::move(m)),
      executable_(std::move(executable)),
      embedding_(as),
      services_(manifest_.name, manifest_.refused_command, as.virtual_unix_ms),
      pools_(services_.loop),
      control_(services_),
      tap_(services_.sessions, control_),
      plugins_(services_, pools_),
      exchanges_(services_.loop, services_.http),
      lifecycle_(services_, pools_, plugins_, executable_) {
  configure_log(manifest_.log);
  started_ms_ = services_.loop.now_ms();
  services_.control = &control_;
  services_.nodes = this;
  for (auto& s : signals_) uv_signal_init(services_.loop.raw(), &s);
  uv_timer_init(services_.loop.raw(), &drain_timer_);
}

node::~node() {
  // Nothing may come in, then nothing may run, then what it ran on goes.
  state_ = node_state::stopped;
  watch_.reset();
  lifecycle_.stop();
  auto& loop = services_.loop;
  for (auto& l : listeners_) l->close();
  services_.sessions.each([this](session& s) { services_.sessions.close_now(s, "shutdown"); });
  services_.events.carry = nullptr;
  services_.events.heard_elsewhere = nullptr;
  services_.cluster = nullptr;
  if (cluster_) cluster_->unlink();
  http_.clear();
  services_.http.finish();
  control_.close();
  stalls_.reset();
  loop.turn(false);
  for (auto& p : presence_) {
    p->finish();
    while (!p->idle()) loop.turn(true);  // a Redis that does not answer is away within the command timeout
  }
  presence_.clear();
  cluster_.reset();
  pools_.shutdown();
  loop.turn(false);
  plugins_.retire();
  for (auto& s : signals_) uv_close(reinterpret_cast<uv_handle_t*>(&s), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&drain_timer_), nullptr);
  loop.turn(false);
  listeners_.clear();
  services_.sessions.on_terminal = nullptr;
}

bool node::start(std::vector<diagnostic>& errors) {
  const mark whole{manifest_.file, 1, 1};
  if (auto taken = lock_.take(manifest_.data); !taken) errors.push_back({whole, taken.text()});
  if (!errors.empty()) return false;
  services_.data_directory = manifest_.data;
  services_.http.uploads().open(manifest_.data + "/uploads");
  look_back();
  pools_.open(manifest_, errors);
  if (errors.empty() && manifest_.cluster.enabled()) join_cluster(errors);
  show_presence();
  if (errors.empty()) plugins_.load(manifest_, executable_, errors);
  if (!errors.empty()) return false;

  tell_crash_handler();
  add_verbs();
  add_reload_verbs();
  add_metrics();
  const auto away = plugins_.away(plugins_.active());
  auto tables = make_serving(plugins_.active(), away, routes_of(plugins_.active(), away));
  if (!tables) {
    errors.push_back({whole, tables.text()});
    return false;
  }
  plugins_.activate(std::move(*tables));
  lifecycle_.begin(manifest_);
  listen(errors);
  const auto socket = manifest_.control.empty() ? manifest_.data + "/parleyd.sock" : manifest_.control;
  if (auto started = control_.start(socket); !started) {
    errors.push_back({whole, started.text()});
  }
  if (!errors.empty()) return false;
  if (embedding_.signals) catch_signals();
  if (!embedding_.virtual_unix_ms) stalls_.emplace(services_.loop, [this](const stall& s) { book(s); });
  if (embedding_.dev) watch_builds();
  state_ = node_state::ready;
  log_of("node")->info("{} is ready after {} ms: {} plugins, {}", manifest_.name, uv_hrtime() / 1000000 - started_ms_,
                       plugins_.active().size(), pools_.durable() ? "durable" : "NOT durable: " + pools_.durability());
  if (embedding_.signals) forget_startup_code();
  return true;
}

void node::show_presence() {
  auto all = pools_.redis();
  // An edge has no cache, and its users are no less online.
  if (all.empty() && cluster_) all.push_back(&cluster_->redis());
  for (auto* redis : all) {
    presence_.push_back(
        std::make_unique<redis_presence>(services_.loop, services_.sessions, *redis, services_.node_name));
  }
  if (presence_.empty()) return;
  services_.sessions.on_terminal = [this](std::uint64_t user, std::uint32_t tag) {
    for (auto& p : presence_) p->changed(user, tag);
  };
}

void node::join_cluster(std::vector<diagnostic>& errors) {
  for (const auto& l : manifest_.listeners) {
    if (l.kind != listener_kind::link) continue;
    cluster_ = std::make_unique<cluster>(services_, manifest_.cluster, l, manifest_.data);
  }
  cluster_->describe = [this](fellow_facts& out) {
    if (state_ == node_state::draining) out.state = "draining";
    for (const auto& l : listeners_) {
      const auto& c = l->config();
      if (!c.commands.empty()) continue;  // not for everything that clients want
      out.clients.push_back({c.advertise.empty() ? c.bind : c.advertise, l->port(),
                             static_cast<std::uint32_t>(l->connections()), c.max_connections, c.tls.on()});
    }
  };
  services_.cluster = cluster_.get();
  services_.events.heard_elsewhere = [this](std::string_view name) { return cluster_->heard(name); };
  services_.events.carry = [this](std::string_view name, std::string_view publisher, std::string_view body) {
    cluster_->carry(name, publisher, body);
  };
  if (auto claimed = cluster_->claim(); !claimed) errors.push_back({manifest_.cluster.at, claimed.text()});
}

void node::listen(std::vector<diagnostic>& errors) {
  const auto tls = load_identities(manifest_, errors);
  std::size_t next = 0;
  for (const auto& config : manifest_.listeners) {
    result<void> started;
    std::uint16_t port = 0;
    const auto& identity = tls[next++];
    if (config.tls.on() && !identity) continue;  // said
    if (config.kind == listener_kind::pdu) {
      auto& l = listeners_.emplace_back(std::make_unique<listener>(services_.loop, services_.sessions, config));
      l->set_identity(identity);
      started = l->start();
      port = l->port();
    } else if (config.kind == listener_kind::link) {
      continue;  // the last to be opened
    } else {
      auto& h = http_.emplace_back(std::make_unique<http_server>(services_.http, config));
      h->set_identity(identity);
      started = h->start();
      port = h->port();
    }
    if (!started) {
      errors.push_back({config.at, started.text()});
    } else {
      log_of("net")->info("{} listens on {}:{}{}", config.name, config.bind, port, identity ? ", TLS" : "");
      tell_address(config);
    }
  }
  open_doors();
  tell_certificates();
  if (!cluster_ || !errors.empty()) return;
  if (auto begun = cluster_->begin(); !begun) errors.push_back({manifest_.cluster.at, begun.text()});
}

/// What clients are told has to be an address of their network, which this machine cannot know.
void node::tell_address(const listener_config& l) {
  const bool any = l.bind == "0.0.0.0" || l.bind == "::";
  if (l.kind != listener_kind::pdu || !any || !l.advertise.empty()) return;
  log_of("net")->warn(
      "{}: bound to {}, every address of this machine, and `advertise` is empty: who asks where to connect "
      "(/msg_server, "
      "0x0101) is told {}, and where files are (0x0507, 0x0508, 0x050A) an address of this machine that may be another "
      "than the one clients reach; set `advertise` of the listener at {}:{} to that one",
      l.name, l.bind, l.bind, l.at.file, l.at.line);
}

void node::open_doors() {
  for (auto& h : http_) {
    const auto to = std::find_if(listeners_.begin(), listeners_.end(),
                                 [&](const auto& l) { return l->config().name == h->config().websocket.listener; });
    h->set_door(to == listeners_.end() ? nullptr : to->get());
  }
}

void node::tell_certificates() const {
  const auto tell = [](const auto& l) {
    if (!l.identity()) return;
    const auto why = certificate_trouble(*l.identity(), static_cast<std::int64_t>(loop::unix_ms() / 1000));
    if (!why.empty()) log_of("net")->warn("{}: its certificate ({}) {}", l.config().name, l.identity()->subject(), why);
  };
  for (const auto& l : listeners_) tell(*l);
  for (const auto& h : http_) tell(*h);
}

void node::catch_signals() {
  static constexpr int numbers[] = {SIGTERM, SIGINT, SIGHUP};
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    signals_[i].data = this;
    uv_signal_start(
        &signals_[i],
        [](uv_signal_t* h, int number) {
          auto* self = static_cast<node*>(h->data);
          if (number == SIGHUP) {
            self->reread_manifest();
          } else {
            self->drain();
          }
        },
        numbers[i]);
    uv_unref(reinterpret_cast<uv_handle_t*>(&signals_[i]));
  }
}

int node::run() {
  if (manifest_.busy_poll) services_.loop.busy_poll();
  services_.loop.run();
  return 0;
}

// Listeners first, then, in a cluster, the clients are sent elsewhere; then what is in flight, then the sessions'
// output, then the end.
void node::drain() {
  if (state_ == node_state::draining) {
    // A service manager tells the supervisor and the node, and the supervisor tells the node: that is one request.
    if (services_.loop.now_ms() - drain_asked_ms_ < 500) return;
    log_of("node")->warn("asked again to stop: stopping at once");
    return services_.loop.stop();
  }
  state_ = node_state::draining;
  drain_asked_ms_ = services_.loop.now_ms();
  drain_deadline_ms_ = services_.loop.now_ms() + static_cast<std::uint64_t>(manifest_.drain_timeout.count());
  log_of("node")->info("draining: {} sessions, {} requests in flight", services_.sessions.size(),
                       services_.dispatch.in_flight());
  for (auto& l : listeners_) l->close();
  if (cluster_) cluster_->drain();
  for (auto& h : http_) h->drain([] {});
  if (cluster_ && cluster_->has_other_place()) {
    say_farewell();
  } else {
    stop_reading();
  }
  drain_timer_.data = this;
  uv_timer_start(
      &drain_timer_, [](uv_timer_t* t) { static_cast<node*>(t->data)->drain_step(); }, 0, 10);
}

void node::say_farewell() {
  const auto time = static_cast<std::uint64_t>(manifest_.drain_timeout.count());
  const auto place = [this](bool tls, parley_endpoint& out) { return cluster_->other_place(tls, out) == status::ok; };
  farewell_ = std::make_unique<farewell>(services_.sessions,
                                         farewell::setting{manifest_.moved_command, time / 4, time / 8, place},
                                         services_.loop.now_ms());
  log_of("node")->info("{} clients are sent to other nodes within {} ms", farewell_->size(), time / 4);
}

// What has not been read yet was never accepted; what has been is finished.
void node::stop_reading() {
  services_.sessions.each([this](session& s) {
    services_.sessions.hold(s);
    services_.sessions.update_reading(s);
  });
}

bool node::quiet() const {
  return services_.dispatch.in_flight() == 0 && services_.http.in_flight() == 0 && !plugins_.busy() &&
         (!cluster_ || cluster_->drained()) &&
         std::none_of(http_.begin(), http_.end(), [](const auto& h) { return h->busy(); });
}

void node::drain_step() {
  const bool late = services_.loop.now_ms() >= drain_deadline_ms_;
  if (late) {
    log_of("node")->warn("drain timeout: {} requests and {} sessions are cut off", services_.dispatch.in_flight(),
                         services_.sessions.size());
    return services_.loop.stop();
  }
  const auto now = services_.loop.now_ms();
  if (farewell_) {
    farewell_->step(now);
    if (!farewell_->over()) return;
    farewell_.reset();
    stop_reading();
  }
  if (!quiet()) return;
  if (!sessions_closing_ms_) {
    sessions_closing_ms_ = now;
    if (cluster_) cluster_->leave();
    services_.sessions.each([this](session& s) { services_.sessions.close_after_flush(s, "drained"); });
  }
  // Clients get a moment to close their side: an exit with unread input would reset the connection and eat the last
  // answers.
  if (cluster_ && !cluster_->left() && now - sessions_closing_ms_ < 1000) return;
  if (services_.sessions.size() == 0 || (services_.sessions.unsent_total() == 0 && now - sessions_closing_ms_ > 500)) {
    services_.loop.stop();
  }
}

status node::least_loaded(std::string_view peer, parley_endpoint& out) {
  const auto here = own_endpoint(peer, out);
  if (!cluster_) return here;
  const bool takes_clients = here == status::ok && listeners_.front()->config().commands.empty();
  if (takes_clients) {
    const auto& c = listeners_.front()->config();
    own_endpoint_ = {std::string(view(out.address)), static_cast<std::uint16_t>(out.port), out.sessions,
                     c.max_connections, c.tls.on()};
  }
  const auto found = cluster_->least_loaded(takes_clients ? &own_endpoint_ : nullptr, out);
  return found == status::unavailable ? here : found;
}

status node::own_endpoint(std::string_view, parley_endpoint& out) {
  if (state_ != node_state::ready) return status::unavailable;
  for (const auto& l : listeners_) {
    const auto& config = l->config();
    if (l->connections() >= config.max_connections) continue;
    const std::string& address = config.advertise.empty() ? config.bind : config.advertise;
    out.size = sizeof out;
    out.port = l->port();
    out.address = out.backup_address = {address.data(), address.size()};
    out.sessions = static_cast<std::uint32_t>(l->connections());
    return status::ok;
  }
  return listeners_.empty() ? status::unavailable : status::busy;
}

}  // namespace parley::host
