/* The contract between a Parley host and a plugin: plain C, append-only, nothing but fixed-width integers.
 *
 * Rationale: a plugin is built once and lives through many hosts, so only PODs cross this edge. No C++ type, no
 * exception, no shared ownership. Arrays carry their element size and structs their own, so both only grow.
 *
 * Thread tags, at the end of every function's comment, from this vocabulary and no other:
 *   [loop]    the node's loop thread; plugin code needs no locks there
 *   [worker]  a pool thread; never touches loop-only functions
 *   [any]     either
 * Hosts built with PARLEY_ASSERT_THREADS abort with the function's name when a tag is broken.
 *
 * Pointers passed to a function are borrowed until it returns, unless its comment says otherwise.
 */
#ifndef PARLEY_ABI_H
#define PARLEY_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A plugin of major N runs on every host of major N; a higher minor only adds. */
#define PARLEY_ABI_MAJOR 1
#define PARLEY_ABI_MINOR 3

/* The only symbol a plugin exports: a `const parley_plugin_descriptor`. */
#define PARLEY_PLUGIN_SYMBOL "parley_plugin"

/* One loaded plugin file and its one instance, as the host sees it. The first argument of every host function: whatever
 * is registered, started or sent is booked on it and taken back by the host. Valid until destroy() has returned. */
typedef struct parley_generation parley_generation;

/* 64-bit handles with a generation inside: a stale one is answered PARLEY_CLOSED, never followed. 0 is none. */
typedef uint64_t parley_session_id;
typedef uint64_t parley_request_id;
typedef uint64_t parley_timer_id;
typedef uint64_t parley_exchange_id;
typedef uint64_t parley_verb_id;

typedef struct parley_bytes {
  const void* data;
  size_t size;
} parley_bytes;

/* Results of host functions and verdicts of handlers. 1 to 10 are the codes of the `refused` PDU (proto/README.md 6) and go
 * out as they are; a code above 10 reaches a client as the one named behind it. */
typedef int32_t parley_status;
enum {
  PARLEY_OK = 0,
  PARLEY_MALFORMED = 1,        /* does not parse, a field out of range */
  PARLEY_NOT_ALLOWED = 3,
  PARLEY_TOO_LARGE = 4,
  PARLEY_TOO_FAST = 5,
  PARLEY_BUSY = 6,             /* a queue is full: try again later */
  PARLEY_UNAVAILABLE = 7,      /* what would serve it is away */
  PARLEY_NO_TARGET = 8,        /* no such user, group, session */
  PARLEY_UNKNOWN_COMMAND = 9,
  PARLEY_REFUSED = 10,         /* by policy: a filter */
  PARLEY_CLOSED = 32,          /* the handle is stale (7) */
  PARLEY_CANCELLED = 33,       /* the generation is going away (7) */
  PARLEY_TIMEOUT = 34,         /* a deadline passed (7) */
  PARLEY_CONFLICT = 35,        /* SQL: a unique key exists (3) */
  PARLEY_DATA_ERROR = 36,      /* SQL: this statement's data can never be stored (1) */
  PARLEY_RETRY = 37,           /* SQL: deadlock or lock timeout, roll back and try again (6) */
  PARLEY_FAULT = 38,           /* an exception or a broken rule in a plugin (7) */
  PARLEY_PENDING = 64          /* a handler's "I shall finish() later"; never a final status */
};

/* Who a session, a request or a call acts for. */
typedef struct parley_principal {
  uint64_t id;    /* user id; 0 = nobody */
  uint32_t tag;   /* client type; 0 when it is no terminal */
  uint32_t flags; /* PARLEY_TERMINAL */
} parley_principal;
enum { PARLEY_TERMINAL = 1u }; /* counts as one of the user's terminals: found by push_principal and terminals */

/* One command to serve. */
typedef struct parley_request {
  uint32_t size;
  uint16_t command;
  uint16_t seq;
  parley_request_id id;
  parley_session_id session;   /* 0 for a call */
  parley_principal principal;  /* snapshot taken when the command arrived */
  uint32_t level;              /* extension level of the session, 0 = a TeamTalk client */
  uint32_t flags;              /* PARLEY_REQUEST_CALL; since 1.3 PARLEY_REQUEST_WEBSOCKET, PARLEY_REQUEST_TLS */
  parley_bytes body;           /* borrowed until the handler returns */
  parley_bytes peer;           /* the client's address as text, without port; borrowed likewise */
} parley_request;
enum {
  PARLEY_REQUEST_CALL = 1u,
  PARLEY_REQUEST_WEBSOCKET = 2u, /* its session speaks WebSocket: a browser's, perhaps */
  PARLEY_REQUEST_TLS = 4u        /* nobody on the way has read it */
};

/* An array of PODs of one type, `stride` bytes apart. */
typedef struct parley_table {
  const void* items;
  uint32_t count;
  uint32_t stride;
} parley_table;

/* ---- what a descriptor declares ---- */

enum { PARLEY_OPEN = 0, PARLEY_AUTHENTICATED = 1, PARLEY_CALL_ONLY = 2 };

typedef struct parley_command {
  uint16_t id;
  uint16_t access; /* PARLEY_OPEN, PARLEY_AUTHENTICATED, PARLEY_CALL_ONLY */
  uint32_t reserved;
  const char* name;
  /* Answers with reply(); its status is the verdict. PARLEY_PENDING promises exactly one finish(). [loop] */
  parley_status (*handle)(void* plugin, const parley_request* request);
} parley_command;

/* Sees a command before its owner, in the manifest's plugin order. */
typedef struct parley_filter {
  uint16_t command; /* 0 = every command */
  uint16_t reserved0;
  uint32_t reserved;
  /* PARLEY_OK passes; PARLEY_PENDING holds this session's later commands until finish(); anything else refuses.
   * A filter replaces the body by session->replace_body() before it passes. [loop] */
  parley_status (*filter)(void* plugin, const parley_request* request);
} parley_filter;

/* An event somebody publishes, e.g. "message.committed": at most once, after the fact, an encoded LITE message. */
typedef struct parley_event {
  const char* name;
} parley_event;

typedef struct parley_subscription {
  const char* event;
  void (*handle)(void* plugin, parley_bytes body); /* [loop] */
  uint64_t flags;                                  /* since 1.1; PARLEY_OPTIONAL */
} parley_subscription;
enum { PARLEY_OPTIONAL = 1u }; /* fine where no plugin publishes it; without, the host refuses to start */

enum { PARLEY_ROUTE_EXACT = 0, PARLEY_ROUTE_PREFIX = 1 };

struct parley_http_request;
typedef struct parley_route {
  const char* method; /* "GET", or "*" for any */
  const char* path;   /* begins with '/' */
  uint32_t match;
  uint32_t max_body;  /* bytes; a larger body is answered 413 */
  /* Answers with http->respond(), now or later. PARLEY_OK or PARLEY_PENDING; anything else becomes a 4xx or 5xx. [loop] */
  parley_status (*handle)(void* plugin, const struct parley_http_request* request);
  uint32_t flags; /* since 1.3: PARLEY_ROUTE_STAGED */
  uint32_t reserved;
  /* Since 1.3, optional. Sees the head before any of the body is taken: PARLEY_OK lets it come. Anything else refuses it, as
   * handle's would, unless it answered with http->respond() before. No pin is held between head and handle, which may be
   * two generations'. [loop] */
  parley_status (*head)(void* plugin, const struct parley_http_request* request);
} parley_route;
enum { PARLEY_ROUTE_STAGED = 1u }; /* the body is received into a file, request->body_file, not into memory */

enum { PARLEY_ARG_POSITIONAL = 0, PARLEY_ARG_OPTION = 1, PARLEY_ARG_SWITCH = 2, PARLEY_ARG_FILE = 3 };

typedef struct parley_verb_arg {
  const char* name; /* "name", or "password" for --password TEXT; a FILE's value is its content */
  uint32_t kind;
  uint32_t required;
  const char* help;
} parley_verb_arg;

struct parley_verb_call;
/* A word of `parleyctl`: "users add". */
typedef struct parley_verb {
  const char* name;
  const char* help;
  parley_table args; /* parley_verb_arg */
  /* Answers with control->answer(), now or later. [loop] */
  parley_status (*handle)(void* plugin, const struct parley_verb_call* call);
} parley_verb;

/* Expand-only: the previous generation must still run on the new schema. Statements are separated by ";\n" and pass the
 * dialect layer (abi/sql.h). Each number runs once per database, under a lock, before the generation serves. */
typedef struct parley_migration {
  uint32_t number; /* 1, 2, 3 ... without gaps */
  uint32_t reserved;
  const char* name;
  const char* pool;
  const char* statements;
} parley_migration;

/* A pool the plugin may use: its manifest name is taken from the plugin's `pools:` map, else the same name. */
typedef struct parley_pool_need {
  const char* name;
  const char* kind; /* "sql", "cache", "workers" */
} parley_pool_need;

typedef struct parley_interface_need {
  const char* id; /* "parley.session/1" */
} parley_interface_need;

struct parley_sql_connection;
/* An ordered, bounded queue in front of an sql pool for group commit. */
typedef struct parley_lane {
  const char* name;
  const char* pool;
  uint32_t max_batch;
  uint32_t max_queue;
  /* Serves items, in the order they were enqueued per key, on one connection. Results go into the items. Its status is
   * handed to every item's done(). [worker] */
  parley_status (*batch)(void* plugin, struct parley_sql_connection* connection, void* const* items, size_t count);
} parley_lane;

enum {
  PARLEY_CONFIG_TEXT = 0,
  PARLEY_CONFIG_INTEGER = 1,
  PARLEY_CONFIG_BOOLEAN = 2,
  PARLEY_CONFIG_DURATION = 3, /* milliseconds; written "15s", "2m", "250ms" */
  PARLEY_CONFIG_SIZE = 4,     /* bytes; written "4KiB", "1MiB" */
  PARLEY_CONFIG_CHOICE = 5    /* one of `choices` */
};

typedef struct parley_config_key {
  const char* name;
  uint32_t type;
  uint32_t required;
  const char* default_value; /* as it would stand in the manifest; ignored when required */
  int64_t min;               /* for numbers, durations and sizes; both 0 = unlimited */
  int64_t max;
  const char* choices;       /* "a|b|c" */
  const char* help;
} parley_config_key;

struct parley_host;

typedef struct parley_plugin_descriptor {
  uint32_t size;
  uint16_t abi_major;
  uint16_t abi_minor;
  const char* name;    /* [a-z][a-z0-9_]*; the owner of slots, state, metrics and log lines */
  const char* version;
  const char* summary;
  uint32_t state_version;
  uint32_t reserved;
  parley_table commands;
  parley_table filters;
  parley_table events;
  parley_table subscriptions;
  parley_table routes;
  parley_table verbs;
  parley_table migrations;
  parley_table pools;
  parley_table interfaces;
  parley_table lanes;
  parley_table config;
  /* Makes the one instance. On failure logs why and leaves *plugin alone. [loop] */
  parley_status (*create)(parley_generation* self, const struct parley_host* host, void** plugin);
  /* After the last pin is gone. [loop] */
  void (*destroy)(void* plugin);
  /* Optional: checks itself before it serves; no table that its own pending migrations add. Since 1.3 PARLEY_PENDING promises
   * exactly one host->self_tested(): a test may wait for its sql pools. In the trial before a reload each of them is one
   * connection that only reads, and everything else it waits for is unavailable. [loop] */
  parley_status (*self_test)(void* plugin);
  /* Optional state handoff: save hands bytes of `state_version` to sink; restore may convert from older ones or refuse. [loop] */
  parley_status (*save)(void* plugin, void* context, void (*sink)(void* context, parley_bytes state));
  parley_status (*restore)(void* plugin, uint32_t version, parley_bytes state);
} parley_plugin_descriptor;

/* What create() is handed. Valid as long as the generation. */
typedef struct parley_host {
  uint32_t size;
  uint16_t abi_major;
  uint16_t abi_minor;
  /* The table of a versioned interface ("parley.session/1"), or null and a log line naming what is there. [any] */
  const void* (*get_interface)(parley_generation* self, const char* id);
  /* Milliseconds of the loop's monotonic clock. [any] */
  uint64_t (*now_ms)(parley_generation* self);
  /* Milliseconds since 1970, UTC. [any] */
  uint64_t (*unix_ms)(parley_generation* self);
  /* Runs fn(context) on the loop in a later turn, always later; holds a pin until it has run. [any] */
  void (*post)(parley_generation* self, void (*fn)(void* context), void* context);
  /* Since 1.3. The verdict of a self_test() that answered PARLEY_PENDING: anything but PARLEY_OK and it does not serve. [loop] */
  void (*self_tested)(parley_generation* self, parley_status verdict);
} parley_host;

#ifdef __cplusplus
}
#endif
#endif
