// A TeamTalk deployment, and the import of it by the real parleyctl.
#pragma once

#include "node/fixture.hpp"
#include "support/file_server.hpp"
#include "support/teamtalk.hpp"

namespace parley::test {

struct import_test : node_test {
  void SetUp() override {
    deployment_.fill_database(db_, "parley");
    deployment_.fill_redis(redis_);
    deployment_.fill_msfs(msfs_.path());
    options_.environment["PARLEY_SQL"] = db_.url();
  }

  std::vector<std::string> command(const std::string& database = "parley", const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{parleyctl(), "import-teamtalk", "--mysql", db_.url(database),
                                   "--redis",   redis_.url(),      "--msfs",  msfs_.path().string()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  outcome import(const std::string& database = "parley", const std::vector<std::string>& more = {}) {
    return run(command(database, more), {}, milliseconds(60000));
  }
  void expect_done(const outcome& got) { EXPECT_EQ(got.end.code, 0) << got.output; }

  teamtalk_deployment deployment_;
  // Nothing here cuts its power, and each test makes hundreds of tables.
  mariadb db_{{.arguments = {"--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync"}}};
  redis_server redis_;
  temp_dir msfs_;
};

}  // namespace parley::test
