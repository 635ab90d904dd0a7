// A node with an admin of each role.
#pragma once

#include "node/admin_client.hpp"
#include "node/fixture.hpp"

namespace parley::test {

class admin_test : public node_test {
 protected:
  static std::string secret_of(const std::string& name) { return name + "'s password"; }
  void make(const std::string& name, const std::string& role) {
    node().ask("admins add", {{"name", name}, {"role", role}, {"password", secret_of(name)}});
  }
  admin_client stranger() { return admin_client((node(), node().http_port())); }
  /// Signed in; made when it is the first time.
  admin_client as(const std::string& role, bool bearer = false) {
    if (made_.insert(role).second) make(role, role);
    auto out = stranger();
    const auto got = out.sign_in(role, secret_of(role), bearer);
    EXPECT_EQ(got.status, 200) << got.text;
    return out;
  }

  struct route {
    std::string method, path, role, content_type;
    bool changes;
    std::string name() const { return method + " " + path; }
  };
  /// All that the node itself describes, with 1 in the place of what stands in the path.
  std::vector<route> routes() {
    std::vector<route> out;
    const auto described = stranger().get("/openapi.json").body;
    for (const auto& [path, operations] : described.at("paths").items()) {
      for (const auto& [method, op] : operations.items()) {
        if (method == "parameters") continue;
        route r{method, path, op.at("x-role"), "application/json", op.contains("x-audit")};
        for (auto& c : r.method) c = static_cast<char>(std::toupper(c));
        for (auto at = r.path.find('{'); at != std::string::npos; at = r.path.find('{')) {
          const auto end = r.path.find('}', at);
          r.path.replace(at, end - at + 1, r.path.substr(at, end - at + 1) == "{name}" ? "nothing" : "1");
        }
        if (path == "/users/import") r.content_type = "text/csv";
        out.push_back(r);
      }
    }
    EXPECT_GT(out.size(), 50u);
    return out;
  }

 private:
  std::set<std::string> made_;
};

}  // namespace parley::test
