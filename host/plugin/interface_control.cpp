#include "host/control/control_server.hpp"
#include "host/node/services.hpp"
#include "host/plugin/interfaces.hpp"
#include "parley/abi/control.h"
#include "parley/abi/operate.h"

namespace parley::host {

namespace {

parley_status answer(parley_generation* self, parley_verb_id verb, parley_status code, parley_bytes text) {
  auto* control = on_loop(self, "control.answer").services().control;
  return control ? raw(control->answer(verb, static_cast<status>(code), view(text))) : PARLEY_CLOSED;
}

parley_status progress(parley_generation* self, parley_verb_id verb, parley_bytes text) {
  auto* control = on_loop(self, "control.progress").services().control;
  return control ? raw(control->progress(verb, view(text))) : PARLEY_CLOSED;
}

constexpr parley_control_1 control_functions{sizeof(parley_control_1), 0, answer, progress};

parley_status run(parley_generation* self, const parley_operation* what) {
  auto& g = on_loop(self, "operate.run");
  if (auto no = unservable(g)) return no;
  auto* control = g.services().control;
  return control ? raw(control->operate(g, *what)) : PARLEY_UNAVAILABLE;
}

constexpr parley_operate_1 operate_functions{sizeof(parley_operate_1), 0, run};

}  // namespace

const void* control_interface() {
  return &control_functions;
}
const void* operate_interface() {
  return &operate_functions;
}

}  // namespace parley::host
