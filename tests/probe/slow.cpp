// A plugin whose verbs take their time: what others wait for.
#include <parley/number.hpp>
#include <parley/plugin.hpp>
#include <parley/timer.hpp>
#include <parley/verb.hpp>

namespace {

class slow_plugin final : public parley::plugin {
 public:
  using plugin::plugin;

  parley::task<> on_wait(parley::verb_call call) {
    const auto ms = parley::whole_number(call[0]);
    if (!ms) {
      call.fail(parley::status::malformed, "slow wait: ms has to be a number");
      co_return;
    }
    call.progress("waiting");
    if (*ms > 0) co_await parley::sleep(host_edge(), *ms);
    call.answer("{\"waited\":" + std::to_string(*ms) + "}");
  }
  parley::status on_throw(parley::verb_call) { throw std::runtime_error("asked to"); }
  parley::status on_twice(parley::verb_call call) {
    call.answer("\"first\"");
    call.answer("\"second\"");
    return parley::status::ok;
  }
};

constexpr auto wait_args = parley::args(parley::positional("ms", "how long"));
constexpr auto no_args = parley::args();
constexpr auto verbs = parley::verbs(parley::verb<&slow_plugin::on_wait>("slow wait", "answers then", wait_args),
                                     parley::verb<&slow_plugin::on_throw>("slow throw", "never answers", no_args),
                                     parley::verb<&slow_plugin::on_twice>("slow twice", "answers twice", no_args));

}  // namespace

PARLEY_PLUGIN(slow_plugin, "slow", "1.0.0", "takes its time", verbs)
