// A host with alice, and clients who log in.
#pragma once

#include <gtest/gtest.h>

#include <parley/commands.hpp>

#include <map>
#include <string>
#include <vector>

#include "password.hpp"
#include "small_host.hpp"

namespace login_test {

namespace cid = parley::cid;
using namespace IM::BaseDefine;
using namespace IM::Login;

constexpr ClientType pc = CLIENT_TYPE_WINDOWS;
constexpr ClientType mac = CLIENT_TYPE_MAC;
constexpr ClientType phone = CLIENT_TYPE_IOS;
constexpr ClientType android = CLIENT_TYPE_ANDROID;

inline std::string login_body(const std::string& name, const std::string& password, ClientType type = pc) {
  IMLoginReq message;
  message.set_user_name(name);
  message.set_password(login::secret_of(password));
  message.set_online_status(USER_STATUS_ONLINE);
  message.set_client_type(type);
  return message.SerializeAsString();
}

class login_flow : public testing::Test {
 protected:
  login_flow() { EXPECT_EQ(host.verb("users add", {"alice", "12345"}).code, PARLEY_OK); }

  /// Without running anything yet.
  parley_session_id begin(const std::string& name, const std::string& password, ClientType type = pc,
                          const std::string& peer = "10.0.0.1") {
    const auto id = host.connect(peer);
    host.start(id, cid::login_req_userlogin, login_body(name, password, type));
    return id;
  }
  parley_session_id login(const std::string& name, const std::string& password, ClientType type = pc,
                          const std::string& peer = "10.0.0.1") {
    const auto id = begin(name, password, type, peer);
    host.run();
    return id;
  }
  IMLoginRes answer(parley_session_id id) {
    EXPECT_FALSE(host.at(id).got.empty());
    if (host.at(id).got.empty()) return {};
    EXPECT_EQ(host.at(id).got.front().command, cid::login_res_userlogin);
    return host.at(id).got.front().as<IMLoginRes>();
  }
  int code(parley_session_id id) { return answer(id).result_code(); }
  bool in(parley_session_id id) { return code(id) == 0 && host.at(id).closed.empty(); }
  /// How often each text was answered.
  std::map<std::string, int> texts(const std::vector<parley_session_id>& ids) {
    std::map<std::string, int> count;
    for (const auto id : ids) ++count[answer(id).result_string()];
    return count;
  }

  small_host host;
};

}  // namespace login_test
