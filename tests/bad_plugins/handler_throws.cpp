#include <parley/plugin.hpp>

struct handler_throws final : parley::plugin {
  using plugin::plugin;
  parley::status at_once(parley::request, std::string_view) { throw std::runtime_error("thrown at once"); }
  parley::task<parley::status> later(parley::request, std::string) {
    throw std::logic_error("thrown in a task");
    co_return parley::status::ok;
  }
};

constexpr auto commands =
    parley::commands(parley::on<0x8003, &handler_throws::at_once>(parley::access::authenticated, "at_once"),
                     parley::on<0x8004, &handler_throws::later>(parley::access::authenticated, "later"));

PARLEY_PLUGIN(handler_throws, "handler_throws", "1.0.0", "its handlers throw", commands)
