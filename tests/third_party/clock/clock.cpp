// A page that shows the time.
#include <parley/plugin.hpp>

#ifdef LARGE
#include "large_page.hpp"
#define PAGE parley::pages::large
#else
#include "clock_page.hpp"
#define PAGE parley::pages::clock
#endif

namespace {

class clock_plugin final : public parley::plugin {
 public:
  using plugin::plugin;
  parley::status on_page(parley::http_request request) { return PAGE.serve(request); }
};

constexpr auto routes = parley::routes(parley::route_below<&clock_plugin::on_page>("GET", "/clock/", 0));

}  // namespace

PARLEY_PLUGIN(clock_plugin, "clock", "1.0.0", "shows the time", routes)
