// A filter before worker: refuses, rewrites, and takes its time.
#include <parley/config.hpp>
#include <parley/plugin.hpp>
#include <parley/timer.hpp>

namespace {

class censor final : public parley::plugin {
 public:
  using status = parley::status;
  explicit censor(const parley::context& ctx) : plugin(ctx), mark_(config().text("mark")) {}

  parley::task<status> look(parley::request request, std::string body) {
    if (body.starts_with("bad")) co_return request.explain(status::refused, "not such words");
    if (body.starts_with("slow:")) {
      co_await parley::sleep(host_edge(), 150);
      body = body.substr(5);
    }
    const auto marked = body + mark_;
    const auto* e = host_edge();
    co_return static_cast<status>(e->session->replace_body(e->self, request.id(), parley::bytes(marked)));
  }

 private:
  std::string mark_;
};

constexpr auto filters = parley::filters(parley::filter<0x8010, &censor::look>());
constexpr auto settings = parley::config(parley::text("mark", "", "put behind every body"));

}  // namespace

PARLEY_PLUGIN(censor, "censor", "1.0.0", "sees words before their owner", filters, settings)
