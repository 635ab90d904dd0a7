// One process's manifest as typed values. config/all-in-one.yaml documents every key.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::host {

using milliseconds = std::chrono::milliseconds;

/// Where in the manifest something stands; lines and columns count from 1.
struct mark {
  std::string file;
  int line = 0;
  int column = 0;
};

/// One thing wrong, with how to mend it: "file:line:column: text".
struct diagnostic {
  mark at;
  std::string text;
  std::string to_string() const;
};

/// At most `per_second` of `command` per session; 0 = no limit.
struct rate_rule {
  std::uint16_t command = 0;
  std::uint32_t per_second = 0;
  mark at{};
};

/// Sessions with (tag & mask) == value are closed after this long without a received byte.
struct idle_rule {
  std::uint32_t mask = 0;
  std::uint32_t value = 0;
  milliseconds timeout{};
};

enum class listener_kind { pdu, http, link };

/// TLS of a listener; none without a certificate.
struct tls_config {
  std::string certificate;  // PEM files
  std::string key;
  std::string client_ca;        // empty = clients need no certificate
  std::string minimum = "1.2";  // or 1.3
  milliseconds handshake_timeout{10000};
  mark at{};

  bool on() const { return !certificate.empty(); }
};

/// WebSocket of an http listener; none without a path.
struct websocket_config {
  std::string path;
  std::string listener;              // of kind pdu, whose limits and rules hold
  std::vector<std::string> origins;  // of pages that may connect; empty = the same host's
  mark at{};

  bool on() const { return !path.empty(); }
};

struct listener_config {
  mark at;
  std::string name;
  listener_kind kind = listener_kind::pdu;
  std::string bind = "127.0.0.1";
  std::uint16_t port = 0;  // 0 = any free one
  int backlog = 1024;
  std::uint32_t max_connections = 20000;
  std::uint32_t max_connections_per_address = 0;  // 0 = no limit
  tls_config tls;

  std::string advertise;  // pdu: what /msg_server hands out; link: what the registry says; empty = bind

  // pdu
  std::size_t max_pdu = 1 << 20;  // bytes, header included
  std::size_t max_pdu_before_login = 64 << 10;
  milliseconds login_timeout{15000};
  milliseconds idle_timeout{120000};
  std::vector<idle_rule> idle_by_tag;
  std::uint16_t heartbeat = 0;                                    // echoed verbatim by the host; 0 = none
  std::vector<std::pair<std::uint16_t, std::uint16_t>> commands;  // served ranges, inclusive; empty = all
  std::vector<mark> command_marks;                                // where each of them stands
  std::vector<rate_rule> rates;
  std::uint32_t max_in_flight = 20;        // requests of a session that wait for something, before its next ones wait
  std::size_t high_watermark = 256 << 10;  // unsent output over which a session is not read
  std::size_t hard_limit = 8 << 20;        // unsent output at which it is closed

  // http
  std::size_t max_header = 8 << 10;  // bytes of request line and headers
  std::uint32_t max_headers = 64;
  milliseconds http_idle_timeout{60000};
  milliseconds http_request_timeout{30000};   // from the first byte to the last of one request that stays in memory
  std::uint32_t max_uploads = 64;             // bodies that are staged in files at once
  std::size_t max_staged = 1 << 30;           // bytes of them
  std::uint32_t max_uploads_per_address = 0;  // 0 = a quarter of max_uploads, at least 1
  std::size_t max_staged_per_address = 0;     // 0 = a quarter of max_staged
  std::size_t min_free = 0;                   // bytes left on the disk of staged bodies; 0 = 1 GiB or 5 % of it
  milliseconds transfer_timeout{30000};       // within which a staged body or an answer moves by min_transfer
  std::size_t min_transfer = 16 << 10;        // bytes
  websocket_config websocket;
};

/// Among which nodes this one is; none without a Redis.
struct cluster_config {
  mark at;
  std::string redis;  // one of redis_url_forms; empty = a node by itself
  std::string secret;
  milliseconds lease{5000};         // how long the registry keeps a node that says nothing
  milliseconds deadline{10000};     // of a command that another node serves
  milliseconds link_timeout{2000};  // of silence, and for connecting
  std::size_t link_queue = 64 << 20;
  milliseconds connect_timeout{1000};  // of the registry's Redis, and this
  milliseconds command_timeout{500};

  bool enabled() const { return !redis.empty(); }
  bool operator==(const cluster_config& o) const {
    return redis == o.redis && secret == o.secret && lease == o.lease && deadline == o.deadline &&
           link_timeout == o.link_timeout && link_queue == o.link_queue && connect_timeout == o.connect_timeout &&
           command_timeout == o.command_timeout;
  }
};

struct sql_pool_config {
  mark at;
  std::string name;
  /// sqlite:///path/file.db (relative: sqlite://./x.db) or mysql://user:password@host:port,host:port/database
  std::string url;
  std::uint32_t readers = 2;        // reader threads
  std::uint32_t writers = 4;        // writer threads; SQLite has one whatever this says
  std::uint32_t queue = 10000;      // jobs waiting at most, per mode
  milliseconds deadline{10000};     // for jobs still queued
  milliseconds lock_timeout{5000};  // waiting for another process's write lock
  std::uint32_t max_batch = 0;      // caps every lane's batch; 0 = the lane's own; 1 = no group commit
  bool busy_poll = false;           // the node's, for the writers; no key of a pool's
  bool trial = false;               // a preflight's: one connection that only reads; never in the file
};

struct cache_pool_config {
  mark at;
  std::string name;
  std::string url = "memory:";         // or one of redis_url_forms
  std::size_t max_bytes = 64 << 20;    // memory: only
  milliseconds connect_timeout{1000};  // Redis only, from here on: from the name to the first answer
  milliseconds command_timeout{500};   // from the call to the answer
  std::uint32_t queue = 10000;         // commands waiting for an answer at most
};

struct worker_pool_config {
  mark at;
  std::string name;
  std::uint32_t threads = 2;
  std::uint32_t queue = 1000;
};

/// A value of a plugin's `config:` as written, with its place.
struct config_value {
  mark at;
  std::string text;
  mark key{};  // where its key stands
};

struct plugin_config {
  mark at;
  std::string name;
  std::string file;  // absolute, or relative to the plugin directory; default NAME.so
  std::map<std::string, config_value> config;
  std::map<std::string, std::string> pools;  // name in the descriptor -> name in the manifest
  std::map<std::string, mark> pool_marks;    // where each of them stands
  std::vector<std::uint64_t> may_act_for;    // user ids
  bool may_act_for_anyone = false;
  std::vector<std::string> may_operate;  // first words of verbs
  bool may_operate_all = false;

  // What earlier crashes mean for this start (crash/aftermath.hpp); never in the file.
  std::string loaded_file;  // absolute; empty = `file`
  std::string quarantine;   // why it is not loaded; empty = it is
};

struct log_config {
  std::string level = "info";                  // debug info warn error
  std::map<std::string, std::string> modules;  // host module or plugin name -> level
  std::string file;                            // empty = stderr
};

/// How plugins are replaced while they serve.
struct reload_config {
  milliseconds probation{10000};      // how long the previous generation is kept to go back to
  milliseconds quiesce{10000};        // for what is in flight on a generation that goes; then it is cancelled
  milliseconds preflight{5000};       // for the trial in a helper process
  std::size_t state_limit = 1 << 20;  // bytes of state that one generation may hand to the next
  std::uint32_t lingering = 4;        // generations that cannot go, before no more are made
};

struct manifest {
  std::string file;
  std::string name = "node";
  std::string data = "./data";
  std::string plugin_directory;  // empty = beside the executable: ../plugins
  std::string control;           // socket path; empty = DATA/parleyd.sock
  milliseconds drain_timeout{10000};
  bool busy_poll = false;  // the loop and the writers look for work for a moment before they sleep
  std::uint16_t refused_command = 0x0901;
  std::uint16_t moved_command = 0x0902;
  cluster_config cluster;
  mark name_at{}, data_at{}, control_at{};  // where these stand; no line: nowhere, the default counts
  log_config log;
  reload_config reload;
  std::vector<listener_config> listeners;
  std::vector<sql_pool_config> sql;
  std::vector<cache_pool_config> caches;
  std::vector<worker_pool_config> workers;
  std::vector<plugin_config> plugins;
  std::vector<std::string> outside_events;  // published by whoever embeds the node; no key of the file

  // What stands in the file but is too faulty to be here; reported, and not to be missed a second time.
  std::vector<std::string> unread_pools;
  bool unread_plugins = false;
};

/// Reads and checks a manifest by itself (not against plugin descriptors): `errors` gets everything found, at once. The
/// result is whole only when no error was added. ${NAME} and ${NAME:-default} take values from the environment.
manifest load_manifest(const std::string& path, std::vector<diagnostic>& errors);

/// The same for a text already read; `file` is what marks name.
manifest parse_manifest(std::string_view text, const std::string& file, std::vector<diagnostic>& errors);

/// The control socket: `control`, else DATA/parleyd.sock.
std::string control_path(const manifest& config);

/// By file, line and column; what has no place comes first.
void sort_diagnostics(std::vector<diagnostic>& errors);

}  // namespace parley::host
