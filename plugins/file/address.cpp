// Where a client connects for a transfer, and who is told of one.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <parley/commands.hpp>

#include <algorithm>
#include <cstring>

#include "file.hpp"

namespace file {
namespace {

constexpr parley::selector pcs{.tag_mask = 0x10, .tag_value = 0};
constexpr parley::selector mobiles{.tag_mask = 0x10, .tag_value = 0x10, .min_level = 1};

bool is_any(std::string_view address) {
  return address.empty() || address == "0.0.0.0" || address == "::";
}

/// The address from which this machine would speak to `peer`; nothing is sent.
std::string own_address_towards(std::string_view peer) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(9);
  if (inet_pton(AF_INET, std::string(peer).c_str(), &to.sin_addr) != 1) return {};
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return {};
  sockaddr_in own{};
  socklen_t size = sizeof own;
  char text[INET_ADDRSTRLEN]{};
  const bool found = connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) == 0 &&
                     inet_ntop(AF_INET, &own.sin_addr, text, sizeof text);
  close(fd);
  return found && !is_any(text) ? text : std::string();
}

}  // namespace

/// None where none can be named: a client then tries the server it is logged in at, and 0.0.0.0 helps nobody.
///
/// Rationale: 192.0.2.1 is nobody's (RFC 5737); the way there is the way to the world.
template <class Message>
void file_plugin::add_addresses(Message& message, std::string_view peer) const {
  parley_endpoint node{};
  node.size = sizeof node;
  const auto found = host_edge()->node->own_endpoint(host_edge()->self, parley::bytes(peer), &node);
  const bool there = found == PARLEY_OK;
  auto address = address_.empty() && there ? std::string(parley::view(node.address)) : address_;
  const auto port = port_ == 0 && there ? node.port : port_;
  if (is_any(address)) address = own_address_towards(peer);
  if (is_any(address)) address = own_address_towards("192.0.2.1");
  if (is_any(address) || port == 0) return;
  auto& one = *message.add_ip_addr_list();
  one.set_ip(address);
  one.set_port(port);
}

template void file_plugin::add_addresses(IM::File::IMFileRsp&, std::string_view) const;
template void file_plugin::add_addresses(IM::File::IMFileHasOfflineRsp&, std::string_view) const;

/// 0x0508 to the recipient's PCs, and to mobiles that know extensions.
///
/// Rationale: TeamTalk tells mobiles on other servers and not those on its own (defects D10). Its mobile clients cannot
/// receive a file; one of level 1 can be expected to know what it is told.
void file_plugin::notify(const task& what, bool ready) const {
  IM::File::IMFileNotify notice;
  notice.set_from_user_id(what.from);
  notice.set_to_user_id(what.to);
  notice.set_file_name(what.name);
  notice.set_file_size(what.size);
  notice.set_task_id(what.id);
  notice.set_trans_mode(static_cast<IM::BaseDefine::TransferFileType>(what.mode));
  notice.set_offline_ready(ready ? 1 : 0);
  add_addresses(notice, {});
  const parley::encoded body(notice);
  sessions().push_user(what.to, parley::cid::file_notify, static_cast<parley_bytes>(body), pcs);
  sessions().push_user(what.to, parley::cid::file_notify, static_cast<parley_bytes>(body), mobiles);
}

bool file_plugin::on_pc(number user) const {
  const auto all = sessions().terminals(user);
  return std::any_of(all.begin(), all.end(), [](const parley::terminal& one) { return one.tag >> 4 == 0; });
}

}  // namespace file
