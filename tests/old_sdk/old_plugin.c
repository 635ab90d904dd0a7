/* A plugin of ABI 1.0: plain C, the frozen header, no kit. 0x8050 is answered by 0x8051 with how many sessions have
 * been opened and the body as it came. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parley/abi.h"
#include "parley/abi/session.h"

#if PARLEY_ABI_MAJOR != 1 || PARLEY_ABI_MINOR != 0
#error "this plugin has to be built against the frozen header of ABI 1.0"
#endif

typedef struct {
  parley_generation* self;
  const parley_session_1* session;
  unsigned opened;
} old_plugin;

static parley_status create(parley_generation* self, const parley_host* host, void** out) {
  old_plugin* made = calloc(1, sizeof *made);
  if (!made) return PARLEY_UNAVAILABLE;
  made->self = self;
  made->session = host->get_interface(self, PARLEY_SESSION_1);
  if (!made->session) {
    free(made);
    return PARLEY_UNAVAILABLE;
  }
  *out = made;
  return PARLEY_OK;
}

static void destroy(void* plugin) {
  free(plugin);
}

static parley_status on_ask(void* plugin, const parley_request* request) {
  old_plugin* me = plugin;
  char text[256];
  int head = snprintf(text, sizeof text, "%u:", me->opened);
  size_t rest = request->body.size;
  if (rest > sizeof text - (size_t)head) return PARLEY_TOO_LARGE;
  memcpy(text + head, request->body.data, rest);
  parley_bytes answer = {text, (size_t)head + rest};
  return me->session->reply(me->self, request->id, 0x8051, answer);
}

static void on_opened(void* plugin, parley_bytes body) {
  (void)body;
  ++((old_plugin*)plugin)->opened;
}

static const parley_command commands[] = {{0x8050, PARLEY_OPEN, 0, "ask", on_ask}};
static const parley_subscription subscriptions[] = {{"session.opened", on_opened}};
static const parley_interface_need interfaces[] = {{PARLEY_SESSION_1}};

__attribute__((visibility("default"))) const parley_plugin_descriptor parley_plugin = {
    .size = sizeof(parley_plugin_descriptor),
    .abi_major = PARLEY_ABI_MAJOR,
    .abi_minor = PARLEY_ABI_MINOR,
    .name = "old_plugin",
    .version = "1.0.0",
    .summary = "was built when the ABI was 1.0",
    .commands = {commands, 1, sizeof commands[0]},
    .subscriptions = {subscriptions, 1, sizeof subscriptions[0]},
    .interfaces = {interfaces, 1, sizeof interfaces[0]},
    .create = create,
    .destroy = destroy,
};
