// parleyd check and the words of parleyd.
#include <gtest/gtest.h>

#include "support/manifest.hpp"
#include "support/process.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"

namespace parley::test {
namespace {

/// Every line of it that is wrong says why it is.
constexpr std::string_view wrong = R"(node:
  data: ./nowhere
  drain_timeout: 10          # a unit is missing
  nmae: typo                 # no such key
log:
  level: loud                # no such level
listeners:
  - name: clients
    kind: pdu
    port: 99999              # no such port
    max_pdu: 5               # a unit is missing
  - name: web
    kind: http
    port: 0
    heartbeat: 0x0701        # belongs to pdu
  - {name: web, kind: http, port: 0}   # a second one of that name
pools:
  main: {kind: sql}          # no url
  cpu: {kind: wokers}        # no such kind
plugins:
  - echo
  - echo                     # twice
  - {name: absent, file: /nowhere/absent.so}   # no such file
)";

TEST(check, tells_all_of_many_errors_with_their_places) {
  temp_dir scratch;
  const auto file = (scratch.path() / "wrong.yaml").string();
  write_file(file, wrong);
  const auto got = run({parleyd(), "check", file});
  EXPECT_EQ(got.end.code, 2);
  for (const int line : {3, 4, 6, 10, 11, 15, 16, 18, 19, 22, 23}) {
    EXPECT_NE(got.output.find(file + ":" + std::to_string(line) + ":"), std::string::npos)
        << "nothing about line " << line << ":\n"
        << got.output;
  }
  for (const std::string word : {"nmae", "loud", "99999", "wokers", "workers", "/nowhere/absent.so"}) {
    EXPECT_NE(got.output.find(word), std::string::npos) << word << " is not mentioned:\n" << got.output;
  }
}

TEST(check, and_run_refuses_the_same_and_makes_nothing) {
  temp_dir scratch;
  const auto file = (scratch.path() / "wrong.yaml").string();
  write_file(file, wrong);
  const auto got = run({parleyd(), "run", file}, {{"PARLEY_DATA", (scratch.path() / "data").string()}});
  EXPECT_EQ(got.end.code, 2);
  EXPECT_NE(got.output.find(file + ":6:"), std::string::npos) << got.output;
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "data"));
}

TEST(check, accepts_the_shipped_manifest) {
  const auto got = run({parleyd(), "check", all_in_one_manifest()});
  EXPECT_EQ(got.end.code, 0) << got.output;
  EXPECT_NE(got.output.find("ok"), std::string::npos) << got.output;
}

TEST(check, accepts_the_shipped_cluster_as_a_whole) {
  std::vector<std::string> line{parleyd(), "check"};
  for (const auto* name : {"admin", "all-in-one", "edge", "edge-2", "file", "logic", "logic-2", "media"}) {
    line.push_back(cluster_manifest(name));
  }
  std::size_t there = 0;
  for (const auto& each : std::filesystem::directory_iterator(std::filesystem::path(line.back()).parent_path())) {
    there += each.path().extension() == ".yaml";
  }
  EXPECT_EQ(there, line.size() - 2) << "all of them are checked";
  std::map<std::string, std::string> environment{{"PARLEY_CLUSTER_SECRET", "0123456789abcdef"},
                                                 {"PARLEY_SQL", "mysql://parley:secret@db1/parley"}};
  const auto got = run(line, environment);
  EXPECT_EQ(got.end.code, 0) << got.output;
  environment["PARLEY_NAME"] = "one-for-all";
  EXPECT_NE(run(line, environment).output.find("a second node is named"), std::string::npos);
  environment.erase("PARLEY_NAME");
  environment["PARLEY_SQL"] = "sqlite://./data/parley.db";
  EXPECT_NE(run(line, environment).output.find("is an SQLite file"), std::string::npos);
  environment.erase("PARLEY_SQL");
  EXPECT_EQ(run(line, environment).end.code, 2) << "a cluster's database has no default";
}

TEST(check, looks_at_several_manifests) {
  temp_dir scratch;
  const auto file = (scratch.path() / "wrong.yaml").string();
  write_file(file, "listeners: 5\n");
  const auto got = run({parleyd(), "check", all_in_one_manifest(), file});
  EXPECT_EQ(got.end.code, 2);
  EXPECT_NE(got.output.find("ok"), std::string::npos) << got.output;
  EXPECT_NE(got.output.find(file + ":1:"), std::string::npos) << got.output;
}

TEST(check, sees_what_manifests_take_from_each_other) {
  temp_dir scratch;
  const auto file = [&](const std::string& name, const std::string& text) {
    const auto path = (scratch.path() / name).string();
    write_file(path, text);
    return path;
  };
  const std::string text =
      "node:\n  name: here\n  data: ./shared\nlisteners:\n  - {name: clients, kind: pdu, port: 4711}\n"
      "pools:\n  main: {kind: sql, url: \"mysql://parley@db/parley\"}\nplugins:\n  - echo\n";
  const auto one = file("one.yaml", text), two = file("two.yaml", text);
  const auto got = run({parleyd(), "check", one, two});
  EXPECT_EQ(got.end.code, 2);
  for (const std::string place : {"one.yaml:7:3: pool", "two.yaml:2:9: a second node", "two.yaml:3:9: the data",
                                  "two.yaml:5:5: listener", "two.yaml:7:3: pool"}) {
    EXPECT_NE(got.output.find(place), std::string::npos) << place << " is missing:\n" << got.output;
  }
  EXPECT_NE(got.output.find("\n5 errors\n"), std::string::npos) << got.output;
  EXPECT_EQ(run({parleyd(), "check", one}).end.code, 0) << "alone it takes nothing from anybody";
}

TEST(check, accepts_nodes_that_fit_beside_each_other) {
  temp_dir scratch;
  std::vector<std::string> command{parleyd(), "check"};
  for (const std::string name : {"a", "b", "c"}) {
    const auto path = (scratch.path() / (name + ".yaml")).string();
    write_file(path, "node: {name: " + name + ", data: ./" + name +
                         "}\nlisteners:\n  - {name: clients, kind: pdu, port: 0}\nplugins:\n  - echo\n");
    command.push_back(path);
  }
  const auto got = run(command);
  EXPECT_EQ(got.end.code, 0) << got.output;
}

TEST(check, survives_what_is_no_manifest) {
  temp_dir scratch;
  const std::vector<std::pair<std::string, std::string>> files = {
      {"empty", ""},
      {"binary", std::string("\x7f\x45\x4c\x46\0\x01\xff\xfe", 8)},
      {"deep", std::string(20000, '[')},
      {"bomb", "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n"},
      {"two", "node: {}\n---\nnode: {}\n"},
      {"same_key_twice", "node: {}\nnode: {}\n"},
  };
  for (const auto& [name, text] : files) {
    const auto file = (scratch.path() / name).string();
    write_file(file, text);
    const auto got = run({parleyd(), "check", file});
    EXPECT_EQ(got.end.code, 2) << name << ": " << got.output;
    EXPECT_EQ(got.end.signal, 0) << name;
    EXPECT_NE(got.output.find(file), std::string::npos) << name << ": " << got.output;
  }
  EXPECT_EQ(run({parleyd(), "check", (scratch.path() / "absent").string()}).end.code, 2);
  EXPECT_EQ(run({parleyd(), "check", scratch.path().string()}).end.code, 2);
}

TEST(check, names_a_missing_variable) {
  temp_dir scratch;
  const auto file = (scratch.path() / "m.yaml").string();
  write_file(file, "node:\n  data: ${PARLEY_TEST_NO_SUCH_VARIABLE}\n");
  const auto got = run({parleyd(), "check", file});
  EXPECT_EQ(got.end.code, 2);
  EXPECT_NE(got.output.find("PARLEY_TEST_NO_SUCH_VARIABLE"), std::string::npos) << got.output;
  EXPECT_NE(got.output.find(file + ":2:"), std::string::npos) << got.output;
}

TEST(check, usage_is_given_to_those_who_need_it) {
  EXPECT_EQ(run({parleyd()}).end.code, 0);
  EXPECT_NE(run({parleyd(), "--help"}).output.find("usage: parleyd"), std::string::npos);
  EXPECT_EQ(run({parleyd(), "frobnicate"}).end.code, 2);
  EXPECT_EQ(run({parleyd(), "run"}).end.code, 2);
  EXPECT_NE(run({parleyd(), "--version"}).output.find("ABI"), std::string::npos);
}

}  // namespace
}  // namespace parley::test
