// A plugin that does one of everything the SDK offers, on command: what the interface tests look through.
#include <parley/cache.hpp>
#include <parley/plugin.hpp>
#include <parley/timer.hpp>
#include <parley/worker.hpp>

#include "probe.pb.h"

namespace {

class probe_plugin final : public parley::plugin {
 public:
  explicit probe_plugin(const parley::context& ctx)
      : plugin(ctx),
        cache_(host_edge(), "cache"),
        workers_(host_edge(), "cpu"),
        sql_(host_edge(), "main"),
        asked_(host_edge(), "asked", "questions"),
        ticks_(host_edge(), 10, 10, [this] { ++ticked_; }) {}

  parley::task<parley::status> on_ask(parley::request request, probe::Ask ask) {
    asked_.add();
    probe::Answer answer;
    if (ask.what() == "call") {
      answer.set_text(co_await call(std::string(ask.text()), ask.number()));
    } else if (ask.what() == "cache") {
      co_await cache_.set("key", ask.text(), 60000);
      const auto found = co_await cache_.get("key");
      const auto sum = co_await cache_.add("sum", ask.number(), 60000);
      answer.set_text(found.value.value_or("-") + " " + std::to_string(sum.number));
    } else if (ask.what() == "operate") {
      std::string verb(ask.text()), args;
      if (const auto begin = verb.find('{'); begin != verb.npos) {
        args = verb.substr(begin);
        verb.resize(begin);
      }
      auto done = co_await operate().run(verb, args, ask.number());
      answer.set_text(done ? *done : std::string(parley::to_string(done.code())) + ": " + done.text());
    } else if (ask.what() == "sleep") {
      co_await parley::sleep(host_edge(), ask.number());
      answer.set_text("slept");
    } else if (ask.what() == "work") {
      if (ask.number()) co_await parley::sleep(host_edge(), ask.number());
      auto reversed = co_await workers_.run([&ask] { return std::string(ask.text().rbegin(), ask.text().rend()); });
      answer.set_text(reversed ? *reversed : "-");
    } else if (ask.what() == "work throws") {
      auto thrown = co_await workers_.run([]() -> int { throw std::runtime_error("in a worker"); });
      answer.set_text(std::string(parley::to_string(thrown.code())) + ": " + thrown.text());
    } else if (ask.what() == "sql") {
      answer.set_text(co_await sql(std::string(ask.text())));
    } else if (ask.what() == "throw") {
      throw std::runtime_error("asked to");
    } else if (ask.what() == "nothing") {
      co_return parley::status::ok;
    } else {
      answer.set_text(at_once(request, ask));
    }
    co_return request.reply(0x8111, answer);
  }

  parley::status on_echo(parley::request request, std::string_view body) {
    if (body.find("refuse") != body.npos) return request.explain(parley::status::refused, "not this word", 1234);
    if (body.find("replace") != body.npos) {
      probe::Ask other;  // the echo's text is field 1, as this one's
      other.set_what("replaced");
      parley::encoded bytes(other);
      return static_cast<parley::status>(host_edge()->session->replace_body(host_edge()->self, request.id(), bytes));
    }
    return parley::status::ok;
  }

  parley::task<parley::status> on_slow_echo(parley::request, std::string body) {
    if (body.find("slow") != body.npos) co_await parley::sleep(host_edge(), 50);
    co_return body.find("slow refused") == body.npos ? parley::status::ok : parley::status::refused;
  }

  void on_said(const probe::Answer& said) { heard_ += said.text() + ";"; }

  parley::task<> on_slow_verb(parley::verb_call call) {
    call.progress("half way");
    co_await parley::sleep(host_edge(), 20);
    call.answer("{\"name\":\"" + call[0] + "\",\"loud\":" + (call.has(1) ? "true" : "false") + "}");
  }

  parley::task<> on_slow_page(parley::http_request request) {
    const std::string query(request.query());
    co_await parley::sleep(host_edge(), 20);
    request.respond(200, "text/plain", "late " + query);
  }

 private:
  parley::task<std::string> call(std::string text, std::uint32_t as) {
    probe::Ask body;
    body.set_what(text);
    auto reply = co_await calls().call(text == "nobody" ? 0x8fff : 0x8001, body, {as, 0, 0}, 2000);
    if (!reply) co_return std::string(parley::to_string(reply.code()));
    probe::Ask echoed;
    parley::decode(echoed, reply->body);
    co_return echoed.what();
  }

  parley::task<std::string> sql(std::string text) {
    auto wrote = co_await sql_.write([&text](parley::sql& db) {
      db.transaction([&] { db.execute("INSERT INTO probe_note(text) VALUES (?)", {text}); });
      return db.one<std::int64_t>("SELECT count(*) FROM probe_note WHERE text = ?", {text});
    });
    if (!wrote) co_return std::string(parley::to_string(wrote.code()));
    auto read = co_await sql_.read(
        [&text](parley::sql& db) { return db.one<std::string>("SELECT text FROM probe_note WHERE text = ?", {text}); });
    co_return read&&* read ? std::get<0>(**read) : "-";
  }

  std::string at_once(const parley::request& request, const probe::Ask& ask) {
    if (ask.what() == "slot") sessions().set_slot(request.session(), 7, ask.text());
    if (ask.what() == "slot?") {
      auto slot = sessions().slot(request.session());
      return slot ? std::to_string(slot->first) + " " + slot->second : "-";
    }
    if (ask.what() == "publish") {
      probe::Answer said;
      said.set_text(std::string(ask.text()));
      events().publish("probe.said", said);
    }
    if (ask.what() == "heard?") return heard_;
    if (ask.what() == "ticked?") return ticked_ > 0 ? "yes" : "no";
    if (ask.what() == "peer?") return std::string(request.peer());
    return "done";
  }

  parley::cache cache_;
  parley::worker_pool workers_;
  parley::sql_pool sql_;
  parley::counter asked_;
  int ticked_ = 0;
  parley::timer ticks_;
  std::string heard_;
};

constexpr auto verb_args = parley::args(parley::positional("name", "whom"), parley::switch_argument("loud", "louder"));
constexpr auto commands = parley::commands(parley::on<0x8110, &probe_plugin::on_ask>(parley::access::open, "ask"));
constexpr auto filters = parley::filters(parley::filter<0x8001, &probe_plugin::on_echo>(),
                                         parley::filter<0x8001, &probe_plugin::on_slow_echo>());
constexpr auto events = parley::publishes("probe.said");
constexpr auto hears = parley::subscriptions(parley::hears<&probe_plugin::on_said>("probe.said"));
constexpr auto verbs =
    parley::verbs(parley::verb<&probe_plugin::on_slow_verb>("probe slowly", "answers late", verb_args));
constexpr auto routes = parley::routes(parley::route<&probe_plugin::on_slow_page>("GET", "/probe/late"));
constexpr auto pools =
    parley::pools(parley::needs_cache("cache"), parley::needs_workers("cpu"), parley::needs_sql("main"));
constexpr auto migrations = parley::migrations(parley::migration(
    1, "notes", "main", "CREATE TABLE IF NOT EXISTS probe_note(id {id}, text {text:64} NOT NULL){table}"));

}  // namespace

PARLEY_PLUGIN(probe_plugin, "probe", "1.0.0", "one of everything", commands, filters, events, hears, verbs, routes,
              pools, migrations)
