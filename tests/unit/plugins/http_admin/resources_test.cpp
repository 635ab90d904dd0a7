// The table of resources and openapi.yaml say the same, both ways.
#include "resources.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "openapi.hpp"

namespace http_admin {
namespace {

using nlohmann::json;

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(c | 0x20);
  return text;
}

struct described : testing::Test {
  json all = json::parse(openapi_json());

  json resolved(json node) const {
    while (node.is_object() && node.contains("$ref"))
      node = all.at(json::json_pointer(node.at("$ref").get<std::string>().substr(1)));
    return node;
  }
  json operation(const resource& r) const {
    const auto path = all["paths"].find(r.path);
    if (path == all["paths"].end() || !path->contains(lower(r.method))) return {};
    auto out = path->at(lower(r.method));
    for (const auto& shared : path->value("parameters", json::array())) out["parameters"].push_back(shared);
    return out;
  }
  std::set<std::string> parameters(const json& op, const std::string& in) const {
    std::set<std::string> out;
    for (const auto& p : op.value("parameters", json::array())) {
      const auto one = resolved(p);
      if (one.at("in") == in) out.insert(one.at("name"));
    }
    return out;
  }
  json body(const json& op) const {
    if (!op.contains("requestBody")) return json::object();
    const auto content = op.at("requestBody").at("content");
    return content.contains("application/json") ? resolved(content.at("application/json").at("schema"))
                                                : json::object();
  }
};

TEST_F(described, is_openapi) {
  EXPECT_EQ(all.at("openapi"), "3.0.3");
  EXPECT_TRUE(all.at("paths").at("/login").at("post").at("responses").contains("401")) << "quoted keys stay texts";
  EXPECT_EQ(resolved(json{{"$ref", "#/components/parameters/size"}}).at("schema").at("maximum"), 200);
}

TEST_F(described, every_resource_with_its_role_verb_and_action) {
  for (const auto& r : resources()) {
    const auto op = operation(r);
    const auto what = std::string(r.method) + " " + r.path;
    ASSERT_TRUE(op.is_object()) << what << " is not described";
    const auto role = r.least == role::nobody ? "public" : std::string(to_string(r.least));
    EXPECT_EQ(op.value("x-role", ""), role) << what;
    EXPECT_EQ(op.value("x-verb", ""), r.verb) << what;
    EXPECT_EQ(op.value("x-audit", ""), r.action) << what;
    EXPECT_TRUE(op.at("responses").contains(std::to_string(r.made))) << what;
    if (r.special != own::describe) {
      EXPECT_TRUE(op.at("responses").contains("default")) << what;
    }
    EXPECT_EQ(std::string(r.method) == "GET", !*r.action) << what << ": what changes something is audited";
  }
}

TEST_F(described, every_parameter_and_member_of_a_body) {
  for (const auto& r : resources()) {
    const auto op = operation(r);
    const auto what = std::string(r.method) + " " + r.path;
    std::set<std::string> path, query, members, required;
    for (const auto& m : r.takes) {
      if (m.from == source::path || m.from == source::user_name) path.insert(m.name);
      if (m.from == source::query) query.insert(m.name);
      if (m.from == source::body) members.insert(m.name);
      if (m.from == source::body && m.required) required.insert(m.name);
    }
    EXPECT_EQ(path, parameters(op, "path")) << what;
    EXPECT_EQ(query, parameters(op, "query")) << what;
    const auto schema = body(op);
    std::set<std::string> described_members, described_required;
    const auto properties = schema.value("properties", json::object()),
               needed = schema.value("required", json::array());
    for (const auto& [name, type] : properties.items()) described_members.insert(name);
    for (const auto& name : needed) described_required.insert(name);
    EXPECT_EQ(members, described_members) << what;
    EXPECT_EQ(required, described_required) << what;
  }
}

TEST_F(described, nothing_that_is_not_there) {
  std::set<std::string> rows, names;
  for (const auto& r : resources()) {
    EXPECT_TRUE(rows.insert(lower(r.method) + " " + r.path).second) << r.method << " " << r.path;
  }
  for (const auto& [path, operations] : all["paths"].items()) {
    for (const auto& [method, op] : operations.items()) {
      if (method == "parameters") continue;
      EXPECT_TRUE(rows.contains(method + " " + path)) << method << " " << path << " is described and not there";
      EXPECT_TRUE(names.insert(op.at("operationId")).second) << op.at("operationId");
    }
  }
}

TEST_F(described, every_reference_leads_somewhere) {
  const std::function<void(const json&)> walk = [&](const json& node) {
    if (node.is_object() && node.contains("$ref")) {
      EXPECT_NO_THROW(resolved(node)) << node;
    }
    if (node.is_structured()) {
      for (const auto& each : node) walk(each);
    }
  };
  walk(all);
}

TEST_F(described, secrets_are_no_ones_to_read) {
  for (const auto& r : resources()) {
    for (const auto& m : r.takes) {
      const std::string name = m.name;
      if (name == "password" || name == "old" || name == "new") {
        EXPECT_TRUE(m.secret) << r.path;
      }
    }
  }
}

}  // namespace
}  // namespace http_admin
