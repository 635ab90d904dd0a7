// Where a client should connect to: HTTP /msg_server and 0x0101.
#include <parley/commands.hpp>
#include <parley/json.hpp>

#include <algorithm>

#include "login.hpp"

namespace login {
namespace {

constexpr std::string_view nobody_there = "没有msg_server";
constexpr std::string_view all_full = "负载过高";

parley::status find_node(const parley::edge& edge, std::string_view peer, parley_endpoint& found) {
  found = {};
  found.size = sizeof found;
  const auto s = static_cast<parley::status>(edge.node->least_loaded(edge.self, parley::bytes(peer), &found));
  if (s == parley::status::ok && found.backup_address.size == 0) found.backup_address = found.address;
  return s;
}

/// What a client wrote as Host, when it can be part of a URL.
std::string_view url_host(std::string_view host) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".:-[]").find(c) != std::string_view::npos;
  };
  return std::all_of(host.begin(), host.end(), fits) ? host : std::string_view();
}

/// The configured URL, else one on the server that was asked.
std::string url_of(const std::string& configured, const parley::http_request& asked, std::string_view path) {
  const auto host = url_host(asked.header("host"));
  if (!configured.empty() || host.empty()) return configured;
  return (asked.over_tls() ? "https://" : "http://") + std::string(host) + std::string(path);
}

}  // namespace

parley::status login_plugin::on_dispatch_http(parley::http_request request) {
  constexpr std::string_view type = "text/html;charset=utf-8";
  const auto answer = [&](const parley::json_object& body) { return request.respond(200, type, body.str() + '\n'); };
  parley::json_object body("\n   ");

  parley_endpoint node;
  const auto found = find_node(*host_edge(), request.peer(), node);
  if (found == parley::status::busy) return answer(body.add("code", 2).add("msg", all_full));
  if (found != parley::status::ok) return answer(body.add("code", 1).add("msg", nobody_there));

  const std::string msfs = url_of(msfs_, request, "/");
  body.add("code", 0).add("msg", "");
  body.add("priorIP", parley::view(node.address)).add("backupIP", parley::view(node.backup_address));
  body.add("port", std::to_string(node.port));
  body.add("msfsPrior", msfs).add("msfsBackup", msfs);
  body.add("discovery", url_of(discovery_, request, "/api/discovery"));
  return answer(body);
}

parley::status login_plugin::on_dispatch(parley::request request, const IM::Login::IMMsgServReq&) {
  parley_endpoint node;
  IM::Login::IMMsgServRsp reply;
  switch (find_node(*host_edge(), request.peer(), node)) {
    case parley::status::ok:
      reply.set_result_code(IM::BaseDefine::REFUSE_REASON_NONE);
      reply.set_prior_ip(std::string(parley::view(node.address)));
      reply.set_backip_ip(std::string(parley::view(node.backup_address)));
      reply.set_port(node.port);
      break;
    case parley::status::busy:
      reply.set_result_code(IM::BaseDefine::REFUSE_REASON_MSG_SERVER_FULL);
      break;
    default:
      reply.set_result_code(IM::BaseDefine::REFUSE_REASON_NO_MSG_SERVER);
      break;
  }
  request.reply(parley::cid::login_res_msgserver, reply);
  if (!request.is_call()) sessions().close(request.session(), "dispatched");
  return parley::status::ok;
}

parley::status login_plugin::on_time(parley::request request, const IM::Message::IMClientTimeReq&) {
  IM::Message::IMClientTimeRsp reply;
  reply.set_server_time(unix_s());
  return request.reply(parley::cid::msg_time_response, reply);
}

}  // namespace login
