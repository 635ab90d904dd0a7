#include <parley/plugin.hpp>

struct create_throws final : parley::plugin {
  explicit create_throws(const parley::context& ctx) : plugin(ctx) { throw std::runtime_error("no luck today"); }
};

PARLEY_PLUGIN(create_throws, "create_throws", "1.0.0", "its constructor throws")
