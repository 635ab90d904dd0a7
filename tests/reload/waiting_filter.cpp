// A filter on `changing`'s count that waits for plugin `holding` when the body says "wait".
#include <parley/plugin.hpp>

namespace {

/// An empty body, in the form of a message.
struct nothing {
  static bool IsInitialized() { return true; }
  static std::string InitializationErrorString() { return {}; }
  static std::size_t ByteSizeLong() { return 0; }
  static void SerializeWithCachedSizesToArray(std::uint8_t*) {}
};

class waiting_filter final : public parley::plugin {
 public:
  using plugin::plugin;

  parley::task<parley::status> before_count(parley::request, std::string body) {
    if (body != "wait") co_return parley::status::ok;
    const auto let_go = co_await calls().call(0x8130, nothing{}, {}, 60000);
    co_return let_go ? parley::status::ok : let_go.code();
  }
};

constexpr auto filters = parley::filters(parley::filter<0x8120, &waiting_filter::before_count>());

}  // namespace

PARLEY_PLUGIN(waiting_filter, "waiting_filter", "1.0.0", "keeps a count waiting", filters)
