#include "bench/fleet.hpp"

namespace parley::bench {
namespace {

constexpr std::uint64_t no_progress_ms = 30'000;

}  // namespace

crowd crowd::take(arguments& from) {
  crowd users;
  users.server = from.take_server();
  users.prefix = from.take_text("--user-prefix", "bench");
  users.password = from.take_text("--password", "secret");
  users.concurrency = from.take_number("--login-concurrency", 32, 1, 10'000);
  return users;
}

void crowd::describe(report& out) const {
  out.parameter("server", server.text());
  out.parameter("user_prefix", prefix);
}

client::credentials crowd::user(std::size_t number) const {
  client::credentials who;
  who.user = name(number);
  who.password = password;
  who.client_version = "parley-bench";
  who.extension_level = level;
  return who;
}

fleet::fleet(client::event_loop& loop, crowd users, received on_pdu)
    : loop_(loop), users_(std::move(users)), on_pdu_(std::move(on_pdu)) {}

client::result<> fleet::login(std::size_t count) {
  while (in_ < count && refusal_.empty()) {
    while (under_way_ < users_.concurrency && devices_.size() < count) start(devices_.size());
    const std::size_t before = in_;
    if (!loop_.run_until([&] { return in_ > before || !refusal_.empty(); }, no_progress_ms)) {
      refusal_ = "no login was answered for 30 s";
    }
  }
  if (!refusal_.empty()) return client::error{client::failure::refused, refusal_};
  return client::done{};
}

void fleet::start(std::size_t index) {
  ++under_way_;
  devices_.push_back(std::make_unique<device>(
      loop_, users_.place(index), users_.user(index + 1),
      device::handlers{[this, index](const client::result<client::identity>& answer) { ready(index, answer); },
                       [this, index](const client::pdu& next) { on_pdu_(index, next); },
                       [this](const std::string& reason) {
                         if (lost_++ == 0) loss_ = reason;
                       }}));
}

void fleet::ready(std::size_t index, const client::result<client::identity>& answer) {
  --under_way_;
  if (answer) {
    ++in_;
    login_times_.add(devices_[index]->login_ns());
    return;
  }
  refusal_ = "login of " + users_.name(index + 1) + ": " + answer.why().text;
  if (answer.why().what == client::failure::refused) {
    refusal_ += "; 'parley-bench users' prints a file for 'parleyctl users import'";
  }
}

}  // namespace parley::bench
