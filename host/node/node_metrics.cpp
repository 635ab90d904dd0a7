// The node's own numbers for /metrics, read when somebody asks.
#include <set>
#include <utility>

#include "host/base/metrics.hpp"
#include "host/node/node.hpp"

namespace parley::host {

namespace {

/// As a label's value: reasons may be a plugin's.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace

void node::add_metrics() {
  services_.metrics.write([this] { return plugin_histograms(); });
  services_.metrics.collect([this, shown = std::set<std::string>()]() mutable {
    auto& m = services_.metrics;
    auto show_as = [&](metric_kind kind) {
      return [&m, kind](const char* name, const std::string& labels, const char* help, std::uint64_t value) {
        m.define(kind, name, labels, help).set(static_cast<std::int64_t>(value));
      };
    };
    const auto show = show_as(metric_kind::gauge);
    const auto count = show_as(metric_kind::counter);
    const auto& s = services_.sessions.counters();
    show("parley_sessions", "", "connections of pdu listeners", services_.sessions.size());
    show("parley_sessions_logged_in", "", "sessions with an identity", services_.sessions.authenticated_count());
    count("parley_sessions_opened", "", "connections accepted", s.opened);
    count("parley_logins", "", "sessions that got an identity", s.authenticated);
    count("parley_pdus", "direction=\"in\"", "PDUs", s.pdus_in);
    count("parley_pdus", "direction=\"out\"", "PDUs", s.pdus_out);
    count("parley_bytes", "direction=\"in\"", "bytes of PDU listeners", s.bytes_in);
    count("parley_bytes", "direction=\"out\"", "bytes of PDU listeners", s.bytes_out);
    for (const auto& [reason, times] : s.closed) {
      count("parley_sessions_closed", "reason=\"" + escaped(reason) + "\"", "closed sessions by reason", times);
    }
    const auto& d = services_.dispatch.counters();
    count("parley_requests_handled", "", "commands served, well or badly", d.handled);
    show("parley_requests_in_flight", "", "commands not answered yet", services_.dispatch.in_flight());
    count("parley_requests_failed", "why=\"any\"", "commands that failed", d.failed);
    count("parley_requests_failed", "why=\"malformed\"", "commands that failed", d.malformed);
    count("parley_requests_failed", "why=\"unknown\"", "commands that failed", d.unknown);
    count("parley_requests_failed", "why=\"out of service\"", "commands that failed", d.out_of_service);
    count("parley_requests_failed", "why=\"too fast\"", "commands that failed", d.too_fast);
    count("parley_requests_failed", "why=\"before login\"", "commands that failed", d.before_login);
    count("parley_requests_failed", "why=\"abandoned\"", "commands that failed", d.abandoned);
    count("parley_answers_late", "", "answers and ends of abandoned commands", d.late);
    count("parley_refused_sent", "", "refused PDUs sent", d.refused_sent);
    count("parley_events_published", "", "events", services_.events.published());
    count("parley_events_dropped", "", "events that found their queue full", services_.events.dropped());
    count("parley_loop_turns", "", "turns of the loop", services_.loop.turns());
    const auto& h = services_.http.stats();
    show("parley_http_connections", "", "open HTTP connections", h.connections);
    count("parley_http_requests", "", "requests handed to a route", h.requests);
    for (std::size_t i = 1; i < h.responses.size(); ++i) {
      count("parley_http_responses", "code=\"" + std::to_string(i) + "xx\"", "responses by class", h.responses[i]);
    }
    show("parley_http_uploads_now", "", "request bodies being staged in files, or kept for a handler", h.uploads_now);
    show("parley_http_staged_bytes", "", "bytes these may take on the disk", h.staged_now);
    count("parley_http_uploads", "", "staged bodies handed to a route", h.uploads);
    count("parley_http_upload_bytes", "", "bytes of these", h.uploaded_bytes);
    count("parley_http_uploads_refused", "", "staged bodies over max_uploads or max_staged", h.uploads_refused);
    count("parley_http_uploads_failed", "", "staged bodies that the disk did not take", h.uploads_failed);
    count("parley_http_clients_gone", "", "requests whose client went away before the answer", h.clients_gone);
    count("parley_http_uploads_cut", "", "staged bodies whose client went away or was too slow", h.uploads_cut);
    count("parley_websocket_upgrades", "how=\"taken\"", "HTTP connections that asked for WebSocket", h.upgrades);
    count("parley_websocket_upgrades", "how=\"refused\"", "HTTP connections that asked for WebSocket",
          h.upgrades_refused);
    count("parley_http_files", "", "answers from files", h.files);
    count("parley_http_file_bytes", "", "bytes that these announced", h.file_bytes);
    count("parley_http_files_cut", "", "files that became shorter while they were sent", h.files_cut);
    count("parley_http_files_unknown", "", "answers 404, as there was no such file", h.files_unknown);
    count("parley_http_refused", "why=\"malformed\"", "requests the host answered itself", h.malformed);
    count("parley_http_refused", "why=\"too large\"", "requests the host answered itself",
          h.head_too_large + h.body_too_large);
    count("parley_http_refused", "why=\"timeout\"", "requests the host answered itself",
          h.request_timeouts + h.answer_timeouts);
    count("parley_http_refused", "why=\"full\"", "requests the host answered itself",
          h.refused_full + h.refused_address);
    const auto now_s = static_cast<std::int64_t>(loop::unix_ms() / 1000);
    const auto show_certificate = [&](const auto& l) {
      if (!l.identity()) return;
      m.define(metric_kind::gauge, "parley_tls_certificate_expires_seconds", "listener=\"" + l.config().name + "\"",
               "until clients refuse the certificate; negative when it has expired")
          .set(l.identity()->expires_s() - now_s);
    };
    for (const auto& l : listeners_) show_certificate(*l);
    for (const auto& l : http_) show_certificate(*l);
    for (const auto& [kind, tls] : {std::pair("kind=\"pdu\"", services_.sessions.tls()),
                                    std::pair("kind=\"http\"", services_.http.tls_desk().stats())}) {
      const std::string labels = kind;
      count("parley_tls_handshakes", labels + ",how=\"full\"", "TLS handshakes", tls.handshakes - tls.resumed);
      count("parley_tls_handshakes", labels + ",how=\"resumed\"", "TLS handshakes", tls.resumed);
      count("parley_tls_failed", labels + ",why=\"handshake\"", "TLS connections ended", tls.failed);
      count("parley_tls_failed", labels + ",why=\"plain text\"", "TLS connections ended", tls.plain_text);
      count("parley_tls_failed", labels + ",why=\"timeout\"", "TLS connections ended", tls.timeouts);
      count("parley_tls_failed", labels + ",why=\"broken\"", "TLS connections ended", tls.broken);
      count("parley_tls_handshake_microseconds", labels, "loop time of TLS handshakes", tls.signing_ns / 1000);
    }
    // Generations come and go, and their series with them.
    auto before = std::exchange(shown, {});
    for (const auto* g : plugins_.active()) {
      const auto labels = "plugin=\"" + g->name() + "\",generation=\"" + std::to_string(g->number()) + "\"";
      count("parley_plugin_calls", labels, "commands handed to the plugin", g->calls);
      count("parley_plugin_errors", labels, "faults of the plugin", g->errors);
      show("parley_plugin_pins", labels, "things in flight on the plugin", g->pin_count);
      show("parley_plugin_held_bytes", labels, "bodies and answers kept for its requests in flight",
           services_.dispatch.bytes_held(*g));
      count("parley_plugin_stalls", labels, "times it held the loop for 100 ms or more", g->account.stalls);
      shown.insert(labels);
      before.erase(labels);
    }
    for (const auto& labels : before) {
      for (const char* name : {"parley_plugin_calls", "parley_plugin_errors", "parley_plugin_pins",
                               "parley_plugin_held_bytes", "parley_plugin_stalls"})
        m.forget(name, labels);
    }
    for (const auto& plugin : manifest_.plugins) {
      show("parley_plugin_quarantined", "plugin=\"" + plugin.name + "\"", "1 = crashed too often to be loaded",
           aftermath_ && aftermath_->quarantined(plugin.name) ? 1 : 0);
    }
    pools_.show(show);
    if (cluster_) cluster_->show(show, count);
  });
}

}  // namespace parley::host
