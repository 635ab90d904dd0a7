// A plugin that asks its table before it serves, in builds that CMakeLists.txt names.
#include <parley/background.hpp>
#include <parley/plugin.hpp>

#include <cstdlib>

namespace {

class judging final : public parley::plugin {
 public:
  explicit judging(const parley::context& ctx) : plugin(ctx), sql_(host_edge(), "main") {
#ifdef READS_WHEN_MADE
    parley::in_background(host_edge(), look());
#endif
  }

  parley::task<parley::status> test_database() override {
#ifdef WRITES_IN_SELF_TEST
    auto written = co_await sql_.write([](parley::sql& db) {
      db.transaction([&] { db.execute("UPDATE judged SET fit = fit + 1 WHERE id = ?", {1}); });
    });
    co_return written.code();
#endif
#ifdef ALTERS_IN_SELF_TEST
    auto altered = co_await sql_.read([](parley::sql& db) { db.execute("CREATE TABLE made_in_a_trial(x INTEGER)"); });
    co_return altered.code();
#endif
#ifdef NEVER_ENDS
    parley::task<parley::status> never = forever();
    co_return co_await std::move(never);
#endif
    auto fit = co_await sql_.read(
        [](parley::sql& db) { return db.one<std::int64_t>("SELECT fit FROM judged WHERE id = ?", {1}); });
    if (!fit) co_return fit.code();
    if (!*fit || std::get<0>(**fit) > 0) co_return parley::status::ok;
    log().error("row 1 says that nobody is fit");
    co_return parley::status::refused;
  }

  parley::status on_name(parley::request request, std::string_view) {
    const auto* e = host_edge();
    return static_cast<parley::status>(e->session->reply(e->self, request.id(), 0x8129, parley::bytes(BUILD)));
  }

 private:
  struct suspended_for_good {
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<>) {}
    void await_resume() {}
  };
  parley::task<parley::status> forever() {
    co_await suspended_for_good{};
    co_return parley::status::ok;
  }
  parley::task<> look() {
    auto rows = co_await sql_.read(
        [](parley::sql& db) { return db.one<std::int64_t>("SELECT fit FROM judged WHERE id = ?", {1}); });
    if (rows && *rows) std::abort();
  }

  parley::sql_pool sql_;
};

constexpr auto commands = parley::commands(parley::on<0x8120, &judging::on_name>(parley::access::open, "name"));
constexpr auto pools = parley::pools(parley::needs_sql("main"));
constexpr auto migrations = parley::migrations(parley::migration(
    1, "judged", "main", "CREATE TABLE IF NOT EXISTS judged(id {u32} PRIMARY KEY, fit {u32}) {table}"));

}  // namespace

PARLEY_PLUGIN(judging, "changing", "1.0.0", "asks its table", commands, pools, migrations)
