// Who asks: signing in and out, and what a sign-in may.
#include <parley/json.hpp>

#include "admin_name.hpp"
#include "app_key.hpp"
#include "http_admin.hpp"

namespace http_admin {
namespace {

constexpr std::size_t token_size = 43;     // new_app_key()'s
constexpr std::size_t most_sign_ins = 16;  // of one admin
constexpr store::number touch_every_s = 30;
constexpr std::size_t most_of_sign_in = 4096;  // bytes

/// What a page has to say beside its cookie: others' pages can send the cookie, and not know this.
std::string csrf_of(std::string_view token) {
  return digest_of("csrf " + std::string(token));
}

refusal unsigned_in(std::string text) {
  return {401, "unsigned", std::move(text)};
}

std::string self_json(const store::admin& who) {
  return parley::json_object().add("id", who.id).add("name", who.name).add("role", to_string(who.may)).str();
}

}  // namespace

std::string http_admin_plugin::save_state() {
  return lockout_.save();
}

parley::status http_admin_plugin::restore_state(std::uint32_t version, std::string_view state) {
  if (version != state_version) return parley::status::refused;
  return lockout_.restore(state) ? parley::status::ok : parley::status::malformed;
}

parley::task<http_admin_plugin::signed_in> http_admin_plugin::authenticate(const incoming& in) {
  signed_in out;
  out.fault = unsigned_in("sign in first: POST /api/v1/login");
  if (in.token.size() != token_size) co_return out;
  out.digest = digest_of(in.token);
  const auto found =
      co_await main_.read([&digest = out.digest](parley::sql& db) { return store::find_sign_in(db, digest); });
  if (!found) {
    out.fault = refusal_of(found.failure());
    co_return out;
  }
  if (!*found || (*found)->who.disabled) co_return out;
  const auto now = unix_s();
  const auto& row = **found;
  const auto expires = std::min(row.seen + idle_s_, row.created + longest_s_);
  if (now >= expires) {
    out.fault.text = "the sign-in has ended; sign in again";
    const auto ended =
        co_await main_.write([&digest = out.digest](parley::sql& db) { store::end_sign_in(db, digest); });
    if (!ended) log().warn("a sign-in that has ended stays for a while: " + ended.text());
    co_return out;
  }
  if (now >= row.seen + std::min(touch_every_s, idle_s_ / 2)) {
    const auto touched =
        co_await main_.write([&digest = out.digest, now](parley::sql& db) { store::touch_sign_in(db, digest, now); });
    if (!touched) log().warn("a sign-in is not kept alive: " + touched.text());
  }
  out.fault = {};
  out.who = row.who;
  out.expires = std::min(now + idle_s_, row.created + longest_s_);
  co_return out;
}

refusal http_admin_plugin::forbidden(const incoming& in, const signed_in& by) const {
  const auto& row = *in.at.found;
  if (*row.action && !in.bearer) {
    if (!in.origin.empty() && !same_host(in.origin, in.host))
      return {403, "origin", "this call comes from another site's page"};
    if (in.csrf != csrf_of(in.token))
      return {403, "csrf", "the header X-Parley-CSRF is not the one that /login and /me tell"};
  }
  if (by.who.may < row.least)
    return {403, "not_allowed",
            by.who.name + " is " + std::string(to_string(by.who.may)) + ", and this needs " +
                std::string(to_string(row.least))};
  return {};
}

std::string http_admin_plugin::cookie_of(const incoming& in, std::string_view token) const {
  std::string out = "parley_admin=" + std::string(token) + "; Path=/api/; HttpOnly; SameSite=Strict; Max-Age=" +
                    (token.empty() ? "0" : std::to_string(longest_s_));
  return in.tls || always_secure_ ? out + "; Secure" : out;
}

// Whether a name exists shows neither in the answer nor in the time it takes.
parley::task<http_admin_plugin::outcome> http_admin_plugin::sign_in(const incoming& in) {
  if (!in.origin.empty() && !same_host(in.origin, in.host))
    co_return refused({403, "origin", "this call comes from another site's page"});
  // Anybody may ask, and the loop reads it.
  if (in.body.size() > most_of_sign_in) {
    co_return refused({413, "too_large", "a sign-in has at most " + std::to_string(most_of_sign_in) + " bytes"});
  }
  const auto wanted = read_call(in.at, in.query, in.type, in.body);
  if (wanted.fault) co_return refused(wanted.fault);
  const auto& name = wanted.body.at("name");
  const auto& password = wanted.body.at("password");
  const bool as_program = wanted.body.contains("bearer") && wanted.body.at("bearer") == "yes";
  if (const auto wait_ms = lockout_.begin(name, in.peer, now_ms())) {
    not_signed_in_.add();
    co_return refused({423,
                       "locked",
                       "too many failures; try again later, or let an admin unlock the name",
                       {},
                       static_cast<std::uint32_t>(wait_ms / 1000 + 1)});
  }
  if (!rate_.take(now_ms())) {
    lockout_.take_back(name, in.peer);
    not_signed_in_.add();
    co_return refused({429, "too_fast", "too many sign-ins at a time; try again", {}, 5});
  }
  const auto found = co_await main_.read([&name](parley::sql& db) { return store::find_admin(db, name); });
  if (!found) {
    lockout_.take_back(name, in.peer);
    co_return refused(refusal_of(found.failure()));
  }
  const std::string stored = *found ? (*found)->password : nobodys_hash(effort_);
  const auto right = co_await cpu_.run([&] { return password_matches(password, stored); });
  if (!right) {
    lockout_.take_back(name, in.peer);
    co_return refused(refusal_of(right.failure()));
  }

  store::admin who;
  if (*found) who = **found;
  if (!*right || !*found || who.disabled) {
    not_signed_in_.add();
    const bool shut = lockout_.locked(name, now_ms());
    log().warn("a sign-in from " + in.peer + " is refused" + (shut ? ", and the name is locked for it" : ""));
    store::admin claimed;
    if (is_admin_name(name)) claimed.name = name;
    const std::string result = shut ? "locked" : "wrong_password";
    const auto told = co_await begin_audit(in, claimed, wanted, result);
    if (!told) log().warn("a refused sign-in is not in the audit log: " + told.text());
    co_return refused({401, "wrong_password", "the name or the password is wrong"});
  }
  // The password was right, whatever becomes of the rest.
  lockout_.succeeded(name, in.peer);
  const auto token = new_app_key();
  const auto now = unix_s();
  const store::sign_in_begun what{digest_of(token), who.id, in.peer.substr(0, 64), stored};
  const auto begun =
      co_await main_.write([&](parley::sql& db) { return store::add_sign_in(db, what, now, most_sign_ins); });
  if (!begun) co_return refused(refusal_of(begun.failure()));
  if (!*begun) co_return refused({401, "wrong_password", "the name or the password is wrong"});
  const auto told = co_await begin_audit(in, who, wanted, "ok");
  if (!told) co_return refused(refusal_of(told.failure()));
  signed_in_.add();
  auto json = parley::json_object().raw("admin", self_json(who)).add("csrf", csrf_of(token));
  json.add("expires", now + std::min(idle_s_, longest_s_));
  if (as_program) co_return outcome{200, json.add("token", token).str(), {}, {}};
  co_return outcome{200, json.str(), cookie_of(in, token), {}};
}

parley::task<http_admin_plugin::outcome> http_admin_plugin::sign_out(const incoming& in, const signed_in& by) {
  const auto ended = co_await main_.write([&](parley::sql& db) { store::end_sign_in(db, by.digest); });
  if (!ended) co_return refused(refusal_of(ended.failure()));
  const asked nothing;
  const auto told = co_await begin_audit(in, by.who, nothing, "ok");
  if (!told) log().warn("a sign-out is not in the audit log: " + told.text());
  co_return outcome{200, "{}", cookie_of(in, {}), {}};
}

std::string http_admin_plugin::me(const incoming& in, const signed_in& by) const {
  return parley::json_object()
      .raw("admin", self_json(by.who))
      .add("csrf", csrf_of(in.token))
      .add("expires", by.expires)
      .str();
}

parley::task<http_admin_plugin::outcome> http_admin_plugin::change_own_password(const incoming& in, const signed_in& by,
                                                                                const asked& wanted) {
  const auto& before = wanted.body.at("old");
  const auto& after = wanted.body.at("new");
  if (const auto fault = fault_of_password(after); !fault.empty())
    co_return refused(malformed(std::string(fault), "new"));
  if (const auto wait_ms = lockout_.begin(by.who.name, in.peer, now_ms()))
    co_return refused(
        {423, "locked", "too many failures; try again later", {}, static_cast<std::uint32_t>(wait_ms / 1000 + 1)});
  const auto audited = co_await begin_audit(in, by.who, wanted, "begun");
  if (!audited) {
    lockout_.take_back(by.who.name, in.peer);
    co_return refused(refusal_of(audited.failure()));
  }
  const auto found = co_await main_.read([&](parley::sql& db) { return store::find_admin(db, by.who.id); });
  const std::string stored = found && *found ? (*found)->password : nobodys_hash(effort_);
  const auto hash = co_await cpu_.run(
      [&] { return password_matches(before, stored) ? password_hash(after, effort_) : std::string(); });
  refusal why;
  if (!found || !hash) {
    lockout_.take_back(by.who.name, in.peer);
    why = refusal_of(found ? hash.failure() : found.failure());
  } else if (hash->empty()) {
    not_signed_in_.add();
    why = {403, "wrong_password", "the old password is wrong", "old"};
  } else {
    lockout_.succeeded(by.who.name, in.peer);
    const store::admin_change change{{}, *hash, {}, by.digest, stored};
    const auto done = co_await main_.write(
        [&, now = unix_s()](parley::sql& db) { return store::edit_admin(db, by.who.id, change, now); });
    if (!done) {
      why = refusal_of(done.failure());
    } else if (*done != store::edit_end::done) {
      why = {409, "conflict", "the password was changed meanwhile; sign in again"};
    }
  }
  const std::string came = why ? why.code : "ok";  // named: see run()
  co_await end_audit(*audited, came, "");
  if (why) co_return refused(std::move(why));
  co_return outcome{200, "{}", {}, {}};
}

}  // namespace http_admin
