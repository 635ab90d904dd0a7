// /api/v1: find the resource, see who asks, read what is asked, run its verbs, answer.
#include <parley/json.hpp>

#include <nlohmann/json.hpp>

#include "http_admin.hpp"
#include "openapi.hpp"
#include "stats.hpp"

namespace http_admin {
namespace {

constexpr std::string_view prefix = "/api/v1";
constexpr std::size_t most_on_loop = 4096;  // bytes of a body that is read there

std::string above(std::string_view json, const asked& wanted) {
  if (wanted.page.empty() || !json.starts_with('{') || json.size() < 3) return std::string(json);
  return "{\"page\":" + wanted.page + ",\"size\":" + wanted.size + "," + std::string(json.substr(1));
}

/// A member of a JSON object that a verb answered.
std::string member(const std::string& json, const char* name) {
  const auto read = nlohmann::json::parse(json, nullptr, false);
  const auto found = read.is_object() ? read.find(name) : read.end();
  if (!read.is_object() || found == read.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

}  // namespace

http_admin_plugin::incoming::incoming(const parley::http_request& request)
    : path(request.path().substr(std::min(prefix.size(), request.path().size()))),
      query(request.query()),
      type(request.header("content-type")),
      body(request.body()),
      peer(request.peer()),
      csrf(request.header("x-parley-csrf")),
      origin(request.header("origin")),
      host(request.header("host")),
      tls(request.over_tls()),
      at(place_of(request.method(), path)) {
  constexpr std::string_view scheme = "Bearer ";
  const auto authorization = request.header("authorization");
  bearer = authorization.starts_with(scheme);
  token = bearer ? std::string(authorization.substr(scheme.size())) : cookie(request.header("cookie"), "parley_admin");
}

parley::task<> http_admin_plugin::on_rest(parley::http_request request) {
  if (rest_at_once_ >= most_at_once) {
    rest_refused_.add();
    respond(request, {503, "busy", "too many requests at a time; try again", {}, 1});
    co_return;
  }
  const visit here(rest_at_once_);
  incoming in(request);
  const auto out = co_await serve(in);
  count(in, out);
  out.why ? respond(request, out.why, out.cookie) : respond(request, out.code, out.json, out.cookie);
}

void http_admin_plugin::count(const incoming& in, const outcome& out) {
  if (!out.why) return rest_served_.add();
  rest_refused_.add();
  // What strangers are refused is counted; lines are for those who got further.
  const bool stranger = in.at.found && in.at.found->special == own::sign_in;
  if ((out.why.http == 403 && !stranger) || out.why.http >= 500)
    log().warn(in.peer + ": " + in.path.substr(0, 100) + " is refused: " + out.why.text);
}

parley::task<http_admin_plugin::outcome> http_admin_plugin::serve(const incoming& in) {
  if (!in.at.found) {
    if (in.at.methods.empty()) co_return refused({404, "no_target", "there is nothing here; see /api/v1/openapi.json"});
    refusal other{405, "method", "this takes " + in.at.methods};
    other.allow = in.at.methods;
    co_return refused(std::move(other));
  }
  const auto& row = *in.at.found;
  if (row.special == own::describe) co_return outcome{200, std::string(openapi_json()), {}, {}};
  if (row.special == own::sign_in) co_return co_await sign_in(in);
  const auto by = co_await authenticate(in);
  if (by.fault) {
    auto out = refused(by.fault);
    if (by.fault.http == 401 && !in.bearer && !in.token.empty()) out.cookie = cookie_of(in, {});
    co_return out;
  }
  if (auto no = forbidden(in, by)) co_return refused(std::move(no));

  asked wanted;
  if (in.body.size() <= most_on_loop) {
    wanted = read_call(in.at, in.query, in.type, in.body);
  } else {
    auto read = co_await cpu_.run([&in] { return read_call(in.at, in.query, in.type, in.body); });
    if (!read) co_return refused(refusal_of(read.failure()));
    wanted = std::move(*read);
  }
  if (wanted.fault) co_return refused(std::move(wanted.fault));
  switch (row.special) {
    case own::me:
      co_return outcome{200, me(in, by), {}, {}};
    case own::sign_out:
      co_return co_await sign_out(in, by);
    case own::my_password:
      co_return co_await change_own_password(in, by, wanted);
    default:
      co_return co_await run(in, by, wanted);
  }
}

// A change stands in the audit log before it is done: what cannot be written there is not done.
parley::task<http_admin_plugin::outcome> http_admin_plugin::run(const incoming& in, const signed_in& by,
                                                                const asked& wanted) {
  const auto& row = *in.at.found;
  store::number audited = 0;
  if (*row.action) {
    const auto begun = co_await begin_audit(in, by.who, wanted, "begun");
    if (!begun) co_return refused(refusal_of(begun.failure()));
    audited = *begun;
  }
  const auto done = co_await run_steps(in, wanted);
  refusal why;
  if (!done) why = refusal_of(done.failure());
  if (audited != 0) {
    std::string made = done && row.made == 201 ? member(*done, "id") : std::string();
    if (!made.empty() && !wanted.target.empty()) made = (made + " " + wanted.target).substr(0, 255);
    // Named: g++ 12 copies what ?: makes inside a co_await byte by byte.
    const std::string came = why ? why.code : "ok";
    co_await end_audit(audited, came, made);
  }
  if (why) co_return refused(std::move(why));
  if (std::string_view(row.verb) == "stats") co_return outcome{200, with_acks(*done), {}, {}};
  co_return outcome{row.made, row.paged ? above(*done, wanted) : *done, {}, {}};
}

parley::task<parley::result<std::string>> http_admin_plugin::run_steps(const incoming& in, const asked& wanted) {
  const auto& row = *in.at.found;
  parley::result<std::string> out(parley::status::fault);
  std::string name;
  for (auto one : wanted.steps) {
    if (!one.name_argument.empty()) {
      if (name.empty()) {
        const auto id = in.at.path.find("id");
        out = co_await operate().run("users show", parley::json_object().add("user", id->second).str());
        if (!out) co_return out;
        name = member(*out, "name");
      }
      one.arguments[one.name_argument] = name;
    }
    out = co_await operate().run(one.verb, one.json(), row.deadline_ms);
    if (!out) co_return out;
  }
  if (*row.then) {
    const auto id = in.at.path.find("id");
    auto shown = co_await operate().run(row.then, parley::json_object().add(row.then_argument, id->second).str());
    if (shown) out = std::move(shown);  // it is done, whether or not it can be shown
  }
  co_return out;
}

}  // namespace http_admin
